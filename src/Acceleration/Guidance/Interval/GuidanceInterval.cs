namespace Acceleration;

/// <summary>
/// Guidance in a limited interval (Kynkäänniemi et al., 2024, arXiv 2404.07724): the unconditional branch is evaluated in some steps, the others are the condition's alone. Further conditions of the request are
/// limited alike, and so is the weaker network of <see cref="AutoGuidance"/>, which takes the unconditional branch's place (our reading: it was published for the former). Branches that are added beside these (skipped layers,
/// perturbed attention) have intervals of their own.
/// </summary>
/// <param name="Guided">The guided steps.</param>
[Entry("guidanceInterval", "GI")]
public sealed record GuidanceInterval(IGuidedSteps Guided) : IStrategy
{
    /// <summary>The guided steps.</summary>
    [InTag(":")]
    public IGuidedSteps Guided { get; init => field = NotNull(value); } = NotNull(Guided);

    /// <inheritdoc/>
    public string Tag => PlanTag.Of(this);

    /// <inheritdoc/>
    public Requirements Needs => NeedsOf(Guided);

    /// <summary>Guidance from ⌊start·N⌋ up to, and without, ⌊stop·N⌋ of N steps.</summary>
    /// <param name="start">Begin, 0..1.</param>
    /// <param name="stop">End, 0..1.</param>
    public static GuidanceInterval Share(double start, double stop) => new(new StepShare(start, stop));

    /// <summary>Guidance at noise levels σ/α above <paramref name="low"/> and not above <paramref name="high"/>.</summary>
    public static GuidanceInterval Noise(double low, double? high = null) => new(new NoiseRange(low, high));

    /// <summary>Guidance at times from <paramref name="least"/> to <paramref name="most"/>, both included.</summary>
    public static GuidanceInterval Times(double least, double most) => new(new TimeRange(least, most));

    /// <summary>Guidance from step <paramref name="first"/> to step <paramref name="last"/>, both included.</summary>
    public static GuidanceInterval Steps(int first, int? last = null) => new(new StepRange(first, last));

    /// <summary>Guidance in these steps.</summary>
    public static GuidanceInterval At(params IReadOnlyList<int> steps) => new(new StepList(steps));

    /// <inheritdoc/>
    public IRun Begin(RunInfo info, RunStore store) => new GuidanceIntervalRun(Guided);

    internal static Requirements NeedsOf(IGuidedSteps guided) => new()
    {
        ChangesGuidance = true,
        MayRepeat = true,
        Refuse = info => guided.Refuse(info) ?? (info.CombinesBranches || info.Network.Unconditional is not null ? null : "it limits guidance, and this network has no unconditional branch (unconditional, or distilled guidance)."),
        NeverActs = info => !info.CombinesBranches ? "there is no guidance that it could limit; add .Guidance(scale) or an AutoGuidance"
            : info.Stages.Any(s => Enumerable.Range(0, s.Steps).Any(k => guided.Includes(s, k))) ? null
            : $"none of its steps is among the run's {string.Join(" + ", info.Stages.Select(s => s.Steps))}, and nothing is guided; widen it, or take more steps",
    };

    private static IGuidedSteps NotNull(IGuidedSteps guided)
    {
        ArgumentNullException.ThrowIfNull(guided, nameof(Guided));
        return guided;
    }
}
