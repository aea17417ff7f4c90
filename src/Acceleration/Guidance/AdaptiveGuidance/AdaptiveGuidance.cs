namespace Acceleration;

/// <summary>
/// Adaptive Guidance (Castillo et al., 2023, arXiv 2312.12487): once the conditional and the unconditional prediction point the same way, the latter is no
/// longer evaluated. Decided per sample; never undone. Needs guidance, for example <c>.Guidance(scale: 2)</c>.
/// </summary>
/// <param name="GammaBar">γ̄: cosine from which on guidance ends; above 1 never, at −1 after the first step. Has no meaning without <see cref="Space"/>.</param>
[Entry("adaptiveGuidance", "AG")]
public sealed record AdaptiveGuidance(double GammaBar = 0.999) : IStrategy
{
    /// <summary>γ̄: cosine from which on guidance ends.</summary>
    [InTag]
    public double GammaBar { get; init => field = Require.Finite(value); } = Require.Finite(GammaBar, nameof(GammaBar));

    /// <summary>What the cosine is taken of.</summary>
    [InTag(Always = true)]
    public MetricSpace Space { get; init; } = MetricSpace.X0;

    /// <summary>What stands for the unconditional branch afterwards.</summary>
    [InTag]
    public GuidanceTail Tail { get; init; } = GuidanceTail.Conditional;

    /// <summary>Order of <see cref="GuidanceTail.ExtrapolateDelta"/>: 1 is a line through two differences, 2 a parabola through three. Other tails do not use it.</summary>
    [InTag("o")]
    [Within(1, Polynomial.Highest)]
    public int Order { get; init => field = Require.Within(1, Polynomial.Highest, value); } = 1;

    /// <summary>Whether samples end guidance one by one or together.</summary>
    [InTag]
    public Consensus Consensus { get; init; } = Consensus.PerSample;

    /// <summary>Guided steps at the start, whatever the cosine.</summary>
    [InTag("w")]
    [AtLeast(0)]
    public int Warmup { get; init => field = Require.AtLeast(0, value); }

    /// <summary>The setting of the paper: ε-space, 0.991.</summary>
    public static AdaptiveGuidance Paper { get; } = new(0.991) { Space = MetricSpace.Epsilon };

    /// <inheritdoc/>
    public string Tag => PlanTag.Of(this);

    /// <inheritdoc/>
    public Requirements Needs => new()
    {
        ChoosesBranches = true,
        UnconditionalBranch = true,
        DecidesPerSample = Consensus == Consensus.PerSample,
        DependsOnBatch = Consensus == Consensus.BatchMin ? BatchDependence.Always : BatchDependence.None,
        Refuse = info => !info.IsGuided ? "there is no guidance to end; add .Guidance(scale)." : null,
    };

    /// <inheritdoc/>
    public IRun Begin(RunInfo info, RunStore store) => new AdaptiveGuidanceRun(this, store);
}
