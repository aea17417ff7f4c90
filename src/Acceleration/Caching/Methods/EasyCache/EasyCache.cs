namespace Acceleration;

/// <summary>
/// EasyCache (Zhou et al., 2025, arXiv 2507.02860): skips whole network calls while the predicted relative change of the output stays below a threshold, and returns the
/// fresh input plus what the network last added to it. Decided per sample on the conditional branch; other branches follow with their own residual.
/// </summary>
/// <param name="Threshold">τ, at least 0; 0 never skips. Published: 0.05 to 0.2 (Wan 2.1), 0.025 (HunyuanVideo).</param>
/// <param name="Warmup">W: computed steps at the start; null for 10, or max(3, 15 %) of runs shorter than 50 steps.</param>
[Entry("easycache", "EC")]
public sealed record EasyCache(double Threshold, int? Warmup = null) : CacheMethod
{
    /// <summary>τ.</summary>
    [InTag]
    [AtLeast(0)]
    public double Threshold { get; init => field = Require.AtLeast(0.0, value); } = Require.AtLeast(0.0, Threshold, nameof(Threshold));

    /// <summary>W: computed steps at the start.</summary>
    [InTag("w")]
    [AtLeast(0)]
    public int? Warmup { get; init => field = Require.AtLeast(0, value); } = Require.AtLeast(0, Warmup, nameof(Warmup));

    /// <summary>C: computed steps at the end.</summary>
    [InTag("t")]
    [AtLeast(0)]
    public int Tail { get; init => field = Require.AtLeast(0, value); } = 1;

    /// <summary>Most skipped steps in a row; 0 for no bound.</summary>
    [InTag("m")]
    [AtLeast(0)]
    public int MaxSkip { get; init => field = Require.AtLeast(0, value); }

    /// <summary>As stable-diffusion.cpp and ComfyUI have it: <see cref="InputOutputDrift.SinceComputed"/>.</summary>
    [InTag("c")]
    public bool SinceComputed { get; init; }

    /// <summary>One in so many elements is measured: <see cref="InputOutputDrift.Stride"/>.</summary>
    [InTag("n")]
    [AtLeast(1)]
    public int Stride { get; init => field = Require.AtLeast(1, value); } = 1;

    /// <summary>Share of the steps before which all are computed.</summary>
    [InTag("from")]
    [Within(0, 1)]
    public double Start { get; init => field = Require.Within(0, 1.0, value); }

    /// <summary>Share of the steps from which on all are computed.</summary>
    [InTag("to")]
    [Within(0, 1)]
    public double Stop { get; init => field = Require.Within(0, 1.0, value); } = 1;

    /// <summary>Whether guidance branches decide apart.</summary>
    [InTag("b")]
    public bool Apart { get; init; }

    /// <summary>
    /// What is reused. The published residual suits velocities; for ε-prediction x and output are different things, and repeating the output can serve
    /// better.
    /// </summary>
    [InTag]
    public Quantity Reuse { get; init; } = Quantity.Residual;

    /// <inheritdoc/>
    public override IReadOnlyList<Cached> Parts => [new(
        Where.Network,
        new InputOutputDrift(Threshold, Warmup, Tail, MaxSkip) { SinceComputed = SinceComputed, Stride = Stride, Start = Start, Stop = Stop, Apart = Apart },
        Reuse == Quantity.Residual ? How.LastResidual : How.LastValue)];
}
