namespace Acceleration;

/// <summary>
/// MagCache's decision (Ma et al., 2025, arXiv 2506.09045): the ratio γ of the magnitudes of residuals of neighbouring steps hardly depends on the prompt, so it is measured once; the product of the ratios since the last
/// computed step tells how wrong its residual is by now. Known beforehand: the same for all prompts.
/// </summary>
/// <param name="Threshold">δ: most that |1 − Πγ| may sum up to, at least 0.</param>
/// <param name="Ratios">γ of each step of the calibration, the first one 1. Runs of other lengths take the nearest.</param>
/// <param name="MaxSkip">K: most skipped steps in a row, at least 0.</param>
/// <param name="Retention">R: share of the steps that are computed at the start, 0..1.</param>
[Entry("magnitude", "mag")]
public sealed record MagnitudeSchedule(double Threshold, IReadOnlyList<double> Ratios, int MaxSkip = 3, double Retention = 0.2) : StaticWhen
{
    /// <summary>δ.</summary>
    [InTag]
    [AtLeast(0)]
    public double Threshold { get; init => field = Require.AtLeast(0.0, value); } = Require.AtLeast(0.0, Threshold, nameof(Threshold));

    /// <summary>γ of each step of the calibration.</summary>
    [InTag("g")]
    public IReadOnlyList<double> Ratios { get; init => field = Require.Finite(value); } = Require.Finite(Ratios, nameof(Ratios));

    /// <summary>K: most skipped steps in a row.</summary>
    [InTag("k")]
    [AtLeast(0)]
    public int MaxSkip { get; init => field = Require.AtLeast(0, value); } = Require.AtLeast(0, MaxSkip, nameof(MaxSkip));

    /// <summary>R: share of the steps that are computed at the start.</summary>
    [InTag("r")]
    [Within(0.0, 1.0)]
    public double Retention { get; init => field = Require.Within(0.0, 1.0, value); } = Require.Within(0.0, 1.0, Retention, nameof(Retention));

    /// <summary>Whether a sum that equals the threshold skips, as published for FLUX and in diffusers.</summary>
    [InTag("i")]
    public bool Inclusive { get; init; }

    /// <summary>Whether the last step is computed whatever the sum; published: not.</summary>
    [InTag("f")]
    public bool ForceLast { get; init; }

    /// <summary>Steps of the calibration that are never skipped; published for FLUX: 11.</summary>
    [InTag("n")]
    public IReadOnlyList<int> Never { get; init => field = ValueList.Of(value); } = ValueList.Of<int>([]);

    /// <inheritdoc/>
    public override bool Skips(StepInfo step)
    {
        var (ratio, sum, run) = (1.0, 0.0, 0);
        var skips = false;
        for (var i = Math.Min(First(step.Count), step.Index); i <= step.Index; i++)
        {
            ratio *= Ratios[MagnitudeRatios.Nearest(i, step.Count, Ratios.Count)];
            run++;
            sum += Math.Abs(1 - ratio);
            skips = i >= First(step.Count) && (Inclusive ? sum <= Threshold : sum < Threshold) && run <= MaxSkip && !Never.Contains(MagnitudeRatios.Nearest(i, step.Count, Ratios.Count)) && !(ForceLast && i == step.Count - 1);
            if (!skips)
            {
                (ratio, sum, run) = (1, 0, 0);
            }
        }

        return skips;
    }

    private int First(int steps) => Math.Max(1, (int)((Retention * steps) + 0.5));
}
