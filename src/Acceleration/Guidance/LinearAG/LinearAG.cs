namespace Acceleration;

/// <summary>
/// LinearAG (Castillo et al., 2023, arXiv 2312.12487): the unconditional prediction of some steps is not evaluated but estimated as a linear combination of earlier predictions, with weights fitted beforehand
/// (<see cref="LinearAGCalibration"/>); from the middle on it is not evaluated at all. Weights hold for one network, schedule and guidance scale, which the <see cref="Calibration"/> of their plan states, and for the
/// network's own unconditional branch: requests with a negative condition are refused.
/// </summary>
/// <param name="Estimates">The estimated steps, ascending. As published, every second step of the first half; with <see cref="LinearTail.Estimated"/> all steps of the tail too.</param>
[Entry("linearAG", "LinearAG")]
public sealed record LinearAG(IReadOnlyList<EstimatedStep> Estimates) : IStrategy
{
    /// <summary>The estimated steps.</summary>
    [InTag(":")]
    public IReadOnlyList<EstimatedStep> Estimates { get; init => field = Kept(value); } = Kept(Estimates);

    /// <summary>First step of the tail, in which the unconditional branch is never evaluated; null for half of the steps.</summary>
    [InTag("from")]
    [AtLeast(0)]
    public int? TailFrom { get; init => field = Require.AtLeast(0, value); }

    /// <summary>What stands for the unconditional branch in the tail.</summary>
    [InTag("tail")]
    public LinearTail Tail { get; init; } = LinearTail.Conditional;

    /// <inheritdoc/>
    public string Tag => PlanTag.Of(this);

    /// <inheritdoc/>
    public Requirements Needs => new()
    {
        ChoosesBranches = true,
        UnconditionalBranch = true,
        Refuse = Refuse,
        RefuseRequest = request => request.Negative is null ? null : "its weights were fitted to the network's own unconditional branch and do not hold for a negative condition.",
    };

    /// <inheritdoc/>
    public IRun Begin(RunInfo info, RunStore store)
    {
        ArgumentNullException.ThrowIfNull(info);
        return new LinearAGRun(this, info.Stages[0].Steps, store);
    }

    /// <summary>The steps that are estimated: every second of the first half, and with estimates in the tail all from there on.</summary>
    internal static IEnumerable<int> Pattern(int steps, LinearTail tail) =>
        Enumerable.Range(0, steps).Where(k => k < steps / 2 ? k % 2 == 1 : tail == LinearTail.Estimated);

    /// <summary>First step of the tail in a run of as many steps.</summary>
    internal int TailIn(int steps) => TailFrom ?? steps / 2;

    private string? Refuse(RunInfo info)
    {
        var steps = info.Stages[0].Steps;
        return !info.IsGuided ? "there is no unconditional branch to be estimated; add .Guidance(scale)."
            : info.Stages.Count > 1 ? "its weights hold for one resolution, and the run has stages."
            : !info.OneCallPerStep ? $"{info.Solver} asks the network several times in a step, and its weights hold for one call in each."
            : Estimates.Zip(Estimates.Skip(1)).FirstOrDefault(p => p.First.Step >= p.Second.Step) is (not null, _) p ? $"its steps do not ascend: {p.Second.Step} comes after {p.First.Step}."
            : Estimates.Select(e => e.Refuse(steps)).FirstOrDefault(r => r is not null) is { } reason ? reason
            : Tail == LinearTail.Estimated && Enumerable.Range(0, steps).Skip(TailIn(steps)).Except(Estimates.Select(e => e.Step)).ToArray() is [var missing, ..] ? $"its tail is to be estimated, and it has no weights for step {missing}."
            : null;
    }

    private static IReadOnlyList<EstimatedStep> Kept(IReadOnlyList<EstimatedStep> estimates)
    {
        ArgumentNullException.ThrowIfNull(estimates, nameof(Estimates));
        return estimates.Contains(null!) ? throw new ArgumentException("An estimated step is missing.", nameof(Estimates)) : ValueList.Of(estimates);
    }
}
