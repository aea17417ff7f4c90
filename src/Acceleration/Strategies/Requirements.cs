namespace Acceleration;

/// <summary>What a strategy asks of a network and of its neighbours.</summary>
public sealed record Requirements
{
    /// <summary>The sites it works at, and in which phase.</summary>
    public IReadOnlyList<SiteClaim> Sites { get; init; } = [];

    /// <summary>Signals that the network has to publish.</summary>
    public IReadOnlyList<Signal> Signals { get; init; } = [];

    /// <summary>Whether it decides which guidance branches are evaluated. One strategy of a sampler may.</summary>
    public bool ChoosesBranches { get; init; }

    /// <summary>Whether it combines guidance branches. One strategy of a sampler may.</summary>
    public bool CombinesBranches { get; init; }

    /// <summary>
    /// Branches of its own, beyond the conditional and the unconditional one, whose outputs it asks for. A branch belongs to one strategy of a sampler, which may change the network for its rows:
    /// <see cref="HookPhase.Branch"/>, <see cref="HookPhase.BranchAttention"/>.
    /// </summary>
    public IReadOnlyList<int> OwnBranches { get; init; } = [];

    /// <summary>A branch that another network evaluates; its run is an <see cref="IBranchNetwork"/>. Null for none.</summary>
    public int? NetworkOf { get; init; }

    /// <summary>A branch for which it needs such a network from another strategy; null for none.</summary>
    public int? NeedsNetworkOf { get; init; }

    /// <summary>
    /// Whether it has a part in guidance without choosing or combining branches: an <see cref="IBranchWindow"/>, an <see cref="IGuidanceTerm"/>. Any number of strategies may; plans hold them with the guidance.
    /// </summary>
    public bool ChangesGuidance { get; init; }

    /// <summary>
    /// Whether a sampler may have several of its type although it <see cref="ChangesGuidance"/>: true where they come out alike in any order, as windows do, of which a step has to lie in all. Else two are refused,
    /// since most such changes are meant once.
    /// </summary>
    public bool MayRepeat { get; init; }

    /// <summary>Scale s with which it combines, as in u + s·(c − u); null where it combines nothing, or without a scale.</summary>
    public double? GuidanceScale { get; init; }

    /// <summary>Further conditions that every request must bring: <see cref="SamplingRequest.Others"/>.</summary>
    public int OtherConditions { get; init; }

    /// <summary>Whether it is meaningless without an unconditional branch.</summary>
    public bool UnconditionalBranch { get; init; }

    /// <summary>
    /// Whether samples of one batch may decide differently, so that some are computed while others are not: true for decisions on values, false for those known before the run.
    /// </summary>
    public bool DecidesPerSample { get; init; }

    /// <summary>When a sample comes out otherwise in company than alone. Requests are batched (<see cref="SamplerPool"/>) only where it does not.</summary>
    public BatchDependence DependsOnBatch { get; init; }

    /// <summary>A further condition on the run: returns the reason against it, or null.</summary>
    public Func<RunInfo, string?>? Refuse { get; init; }

    /// <summary>A condition on each request: returns the reason against it, or null. Asked before anything is allocated.</summary>
    public Func<SamplingRequest, string?>? RefuseRequest { get; init; }

    /// <summary>Whether it is worth its while on the run: returns why it cannot pay, or null. It is told (<see cref="Sampler.Advice"/>), not refused.</summary>
    public Func<RunInfo, string?>? Advise { get; init; }

    /// <summary>
    /// Why it will do nothing in any step of the run, or null: known beforehand from steps and levels, without measuring. It is told by <see cref="Sampler.Advice"/> and by <see cref="Trace.Idle"/>. What a setting
    /// turns off by intent needs none.
    /// </summary>
    public Func<RunInfo, string?>? NeverActs { get; init; }

    /// <summary>Whether it has a part in guidance.</summary>
    internal bool IsGuidance => ChoosesBranches || CombinesBranches || ChangesGuidance || OwnBranches.Count > 0 || NetworkOf is not null;
}
