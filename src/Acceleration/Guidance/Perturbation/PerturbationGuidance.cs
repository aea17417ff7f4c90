namespace Acceleration;

/// <summary>
/// Guidance away from what the network predicts when it is weakened: a branch of its own, p, with the condition, beside what the other branches make: g + s₂·(c − p). What is weakened is the derived strategy's
/// matter. Several, of different kinds, may be stacked, with any combiner. Where a sample has no guidance but these, the reference's form is p + s₂·(c − p): the same s₂ acts one unit weaker there.
/// </summary>
public abstract record PerturbationGuidance : IStrategy
{
    private protected PerturbationGuidance(double scale, Where layers, double start, double stop)
    {
        ArgumentNullException.ThrowIfNull(layers);
        (Scale, Layers, Start, Stop) = (Require.Finite(scale, nameof(Scale)), layers, start, stop);
    }

    /// <summary>Scale s₂; 0 does nothing, and its branch is not evaluated. Finite.</summary>
    [InTag]
    public double Scale { get; init => field = Require.Finite(value); }

    /// <summary>Where the network is weakened.</summary>
    [InTag(":")]
    public Where Layers { get; init => field = value ?? throw new ArgumentNullException(nameof(Layers)); }

    /// <summary>Share of a stage's steps, 0 to 1, after which it begins: with the step after ⌊start·N⌋, so never with the first one (see <see cref="FromFirst"/>).</summary>
    [InTag("from")]
    [Within(0, 1)]
    public double Start { get; init => field = Require.Within(0.0, 1, value); }

    /// <summary>Share of a stage's steps, 0 to 1, at which it ends: step ⌊stop·N⌋ is the first without it.</summary>
    [InTag("to")]
    [Within(0, 1)]
    public double Stop { get; init => field = Require.Within(0.0, 1, value); }

    /// <summary>Whether step ⌊start·N⌋ takes part, too, which the reference leaves out.</summary>
    [InTag("first")]
    public bool FromFirst { get; init; }

    /// <summary>Whether samples without other guidance have c + s₂·(c − p), as those with it.</summary>
    [InTag("original")]
    public bool Original { get; init; }

    /// <inheritdoc/>
    public string Tag => PlanTag.Of(this);

    /// <inheritdoc/>
    public Requirements Needs => new() { OwnBranches = [OwnBranch], Sites = [new(Layers, Phase)], Refuse = Refuse, NeverActs = NeverActs };

    /// <inheritdoc/>
    public abstract IRun Begin(RunInfo info, RunStore store);

    internal abstract int OwnBranch { get; }

    internal abstract HookPhase Phase { get; }

    /// <summary>Why a selected site cannot be weakened in this way, or null.</summary>
    internal abstract string? RefuseSite(Site site);

    /// <summary>Whether the branch is evaluated in a step.</summary>
    internal bool Includes(StepInfo step) => Scale != 0 && Includes(step.Index, step.Count);

    private bool Includes(int step, int of)
    {
        var (from, to) = ((int)(Start * of), (int)(Stop * of));
        return (FromFirst ? step >= from : step > from) && step < to;
    }

    private string? NeverActs(RunInfo info)
    {
        if (Scale == 0 || info.Stages.Any(s => Enumerable.Range(0, s.Steps).Any(k => Includes(k, s.Steps))))
        {
            return null;
        }

        var (steps, from) = (info.Stages[0].Steps, (int)(Start * info.Stages[0].Steps));
        return FormattableString.Invariant($"none of {steps} steps lies {(FromFirst ? "at or after" : "after")} step {from} and before step {(int)(Stop * steps)} ({nameof(Start)} {Start} and {nameof(Stop)} {Stop} of them): take more steps, or a larger {nameof(Stop)}{(FromFirst ? "" : $", or {nameof(FromFirst)}")}");
    }

    private string? Refuse(RunInfo info) => Stop < Start
        ? FormattableString.Invariant($"it ends ({Stop}) before it starts ({Start}).")
        : info.Network.Sites.All.Where(Layers.Matches).Select(RefuseSite).FirstOrDefault(r => r is not null);
}
