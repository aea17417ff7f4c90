namespace Acceleration;

/// <summary>
/// Autoguidance (Karras et al., 2024, arXiv 2406.02507): the prediction of a weaker network w, with the same condition, takes the unconditional one's place: w + s·(c − w). The weaker network is another one
/// (<see cref="SamplerBuilder.NetworkOf"/> with <see cref="Branch.Weak"/>), or the same with layers left out.
/// </summary>
/// <param name="Scale">Guidance scale s; within 1e-9 of 1 the network itself alone is evaluated. Finite.</param>
/// <param name="Layers">What the weaker network leaves out; null where another network is it.</param>
[Entry("autoGuidance", "AUTO")]
public sealed record AutoGuidance(double Scale, Where? Layers = null) : IStrategy
{
    /// <summary>Guidance scale s.</summary>
    [InTag]
    public double Scale { get; init => field = Require.Finite(value); } = Require.Finite(Scale, nameof(Scale));

    /// <summary>What the weaker network leaves out; null where another network is it.</summary>
    [InTag(":")]
    public Where? Layers { get; init; } = Layers;

    /// <summary>Where the sum starts: the same up to rounding.</summary>
    [InTag("base")]
    public GuidanceBase Base { get; init; }

    /// <summary>Share of a stage's steps, 0 to 1, at which guidance starts: with step ⌊start·N⌋.</summary>
    [InTag("from")]
    [Within(0, 1)]
    public double Start { get; init => field = Require.Within(0.0, 1, value); }

    /// <summary>Share of a stage's steps, 0 to 1, at which it ends: step ⌊stop·N⌋ is the first without it.</summary>
    [InTag("to")]
    [Within(0, 1)]
    public double Stop { get; init => field = Require.Within(0.0, 1, value); } = 1;

    /// <inheritdoc/>
    public string Tag => PlanTag.Of(this);

    /// <inheritdoc/>
    public Requirements Needs => new()
    {
        CombinesBranches = true,
        GuidanceScale = Scale,
        OwnBranches = [Branch.Weak],
        Sites = Layers is null ? [] : [new(Layers, HookPhase.Branch)],
        NeedsNetworkOf = Layers is null ? Branch.Weak : null,
        NeverActs = info => Acceleration.GuidanceScale.IsOff(Scale) || info.Stages.Any(s => (int)(Start * s.Steps) < (int)(Stop * s.Steps)) ? null
            : FormattableString.Invariant($"none of {info.Stages[0].Steps} steps lies between {nameof(Start)} {Start} and {nameof(Stop)} {Stop} of them"),
        Refuse = info => info.Network.Sites.All.Where(s => Layers?.Matches(s) == true).Select(LayerSkip.Refuse).FirstOrDefault(r => r is not null),
    };

    /// <inheritdoc/>
    public IRun Begin(RunInfo info, RunStore store) => new AutoGuidanceRun(this, info.Network);

    internal bool IsOn(StepInfo step) =>
        !Acceleration.GuidanceScale.IsOff(Scale) && step.Index >= (int)(Start * step.Count) && step.Index < (int)(Stop * step.Count);
}
