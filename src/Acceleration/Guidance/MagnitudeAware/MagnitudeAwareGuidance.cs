namespace Acceleration;

/// <summary>
/// MAMBO-G (magnitude-aware mitigation for boosted guidance, 2025, arXiv 2508.03442): the larger the difference is against the unconditional output, the nearer the scale goes to 1, g = u + (1 + (s − 1)·e)·(c − u) with
/// e = exp(−α·‖c − u‖/‖u‖) for each sample.
/// </summary>
/// <param name="Scale">Guidance scale s; within 1e-9 of 1 the condition alone is evaluated.</param>
/// <param name="Alpha">α, at least 0: how strongly large differences are held back; 0 is plain guidance.</param>
[Entry("mamboG", "MAMBOG")]
public sealed record MagnitudeAwareGuidance(double Scale = 10, double Alpha = 8) : IStrategy
{
    /// <summary>Guidance scale s; 1 evaluates the condition alone.</summary>
    [InTag(Always = true)]
    public double Scale { get; init => field = Require.Finite(value); } = Require.Finite(Scale, nameof(Scale));

    /// <summary>α: how strongly large differences are held back.</summary>
    [InTag("a")]
    [AtLeast(0)]
    public double Alpha { get; init => field = Require.AtLeast(0.0, Require.Finite(value)); } = Require.AtLeast(0.0, Require.Finite(Alpha, nameof(Alpha)), nameof(Alpha));

    /// <summary>Where the sum starts: the same up to rounding.</summary>
    [InTag("from")]
    public GuidanceBase Base { get; init; }

    /// <inheritdoc/>
    public string Tag => PlanTag.Of(this);

    /// <inheritdoc/>
    public Requirements Needs => PairNeeds.Of(Scale);

    /// <inheritdoc/>
    public IRun Begin(RunInfo info, RunStore store) => new MagnitudeAwareRun(this, info.Network);
}
