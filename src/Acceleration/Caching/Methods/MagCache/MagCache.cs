namespace Acceleration;

/// <summary>
/// MagCache (Ma et al., 2025, arXiv 2506.09045): skips all blocks as long as the calibrated magnitudes of residuals say that the last one still fits, and adds it. Decisions are known before the run.
/// </summary>
/// <param name="Threshold">δ, at least 0. Published: 0.06 (diffusers), 0.24 (FLUX), 0.12 (Wan 2.1, HunyuanVideo).</param>
/// <param name="Ratios">γ of each step, the first one 1: <see cref="FluxRatios"/>, or from recorded norms by <see cref="MagnitudeRatios"/>.</param>
/// <param name="MaxSkip">K: most skipped steps in a row. Published: 3, 5 (FLUX), 2 to 6 (Wan 2.1).</param>
/// <param name="Retention">R: share of the steps computed at the start. Published: 0.2, 0.1 (FLUX).</param>
[Entry("magCache", "MAG")]
public sealed record MagCache(double Threshold, IReadOnlyList<double> Ratios, int MaxSkip = 3, double Retention = 0.2) : CacheMethod
{
    /// <summary>Published ratios of FLUX.1 at 28 steps; the published settings are δ 0.24, K 5, R 0.1, with the sum up to and with the threshold and step 11 never skipped.</summary>
    public static IReadOnlyList<double> FluxRatios { get; } =
    [
        1, 1.21094, 1.11719, 1.07812, 1.0625, 1.03906, 1.03125, 1.03906, 1.02344, 1.03125, 1.02344, 0.98047, 1.01562, 1.00781, 1, 1.00781, 1, 1.00781, 1, 1,
        0.99609, 0.99609, 0.98047, 0.98828, 0.96484, 0.95703, 0.93359, 0.89062,
    ];

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

    /// <summary>R: share of the steps computed at the start.</summary>
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
    public override IReadOnlyList<Cached> Parts =>
        [new(Where.Chain, new MagnitudeSchedule(Threshold, Ratios, MaxSkip, Retention) { Inclusive = Inclusive, ForceLast = ForceLast, Never = Never }, How.LastResidual)];
}
