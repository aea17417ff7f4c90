namespace Acceleration;

/// <summary>
/// CFG-Zero* (2025, arXiv 2503.18886): the unconditional output is first scaled to fit the condition's best, g = a·u + s·(c − a·u) with a = ⟨c, u⟩/(‖u‖² + 1e-8) for each sample, and the first steps predict zeros:
/// on a flow they leave the latents where they are.
/// </summary>
/// <param name="Scale">Guidance scale s; within 1e-9 of 1 the condition alone is evaluated.</param>
/// <param name="ZeroSteps">
/// Steps at the start that predict zeros; the paper proposes 4 % of them. They are counted in the run's first stage, whatever limits guidance and also at scale 1, and evaluate their branches all the same: policies and caches
/// see them.
/// </param>
[Entry("cfgZeroStar", "CFGZero")]
public sealed record ClassifierFreeZeroStarGuidance(double Scale, int ZeroSteps = 1) : IStrategy
{
    /// <summary>Guidance scale s; 1 evaluates the condition alone.</summary>
    [InTag]
    public double Scale { get; init => field = Require.Finite(value); } = Require.Finite(Scale, nameof(Scale));

    /// <summary>Steps at the start that predict zeros.</summary>
    [InTag("z")]
    [AtLeast(0)]
    public int ZeroSteps { get; init => field = Require.AtLeast(0, value); } = Require.AtLeast(0, ZeroSteps, nameof(ZeroSteps));

    /// <summary>Where the sum starts: the same up to rounding.</summary>
    [InTag("from")]
    public GuidanceBase Base { get; init; }

    /// <inheritdoc/>
    public string Tag => PlanTag.Of(this);

    /// <inheritdoc/>
    public Requirements Needs => PairNeeds.Of(Scale);

    /// <inheritdoc/>
    public IRun Begin(RunInfo info, RunStore store) => new ZeroStarRun(this, info.Network);
}
