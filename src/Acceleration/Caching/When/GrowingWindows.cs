namespace Acceleration;

/// <summary>The schedule of stable-diffusion.cpp's cache mode <c>spectrum</c>: computes a warm-up, then after ever longer windows, and the end (<see cref="StepPatterns.Spectrum"/>).</summary>
/// <param name="Warmup">Steps computed at the start, at least 1.</param>
/// <param name="Window">Distance from the last warm-up step to the next computed one, rounded down; at least 1.</param>
/// <param name="Growth">What is added to it after each computed step.</param>
/// <param name="Stop">Share of the steps after which all are computed.</param>
[Entry("growingWindows", "windows")]
public sealed record GrowingWindows(int Warmup = 4, double Window = 2, double Growth = 0.5, double Stop = 0.9) : StaticWhen
{
    /// <summary>Steps computed at the start.</summary>
    [InTag("w")]
    [AtLeast(1)]
    public int Warmup { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, Warmup, nameof(Warmup));

    /// <summary>Distance from the last warm-up step to the next computed one.</summary>
    [InTag("n")]
    [AtLeast(1.0)]
    public double Window { get; init => field = Require.AtLeast(1.0, value); } = Require.AtLeast(1.0, Window, nameof(Window));

    /// <summary>What is added to it after each computed step.</summary>
    [InTag("g")]
    [AtLeast(0)]
    public double Growth { get; init => field = Require.AtLeast(0.0, value); } = Require.AtLeast(0.0, Growth, nameof(Growth));

    /// <summary>Share of the steps after which all are computed.</summary>
    [InTag("to")]
    [Within(0, 1)]
    public double Stop { get; init => field = Require.Within(0, 1.0, value); } = Require.Within(0, 1.0, Stop, nameof(Stop));

    /// <inheritdoc/>
    public override bool Skips(StepInfo step)
    {
        ArgumentNullException.ThrowIfNull(step);
        return step.Index >= Warmup && step.Index < (int)(Stop * step.Count) && !Ends(step.Index - Warmup + 1);
    }

    /// <summary>Whether so many steps after the warm-up's last one a window ends.</summary>
    private bool Ends(int distance)
    {
        if (Growth == 0)
        {
            return distance % (long)Math.Min(int.MaxValue, Window) == 0;
        }

        var (at, window) = (0.0, Window);
        while (at < distance)
        {
            at += Math.Floor(window);
            window += Growth;
        }

        return at == distance;
    }
}
