namespace Acceleration.Tool;

/// <summary>The guiders that can be rebuilt. A new one is one more entry.</summary>
internal static class StoredGuiders
{
    public static IReadOnlyList<StoredGuider> All { get; } =
    [
        new("ClassifierFreeGuidance", s => s.Pair(new ClassifierFreeGuidance(s.Scale("guidance_scale", 7.5)) { Base = s.Base }, "cfg") with { IsElementwise = s.Rescale == 0 }),
        new("AdaptiveProjectedGuidance", StoredProjection.Of),
        new("AdaptiveProjectedMixGuidance", StoredProjection.Mix),
        new("ClassifierFreeZeroStarGuidance", s => s.Pair(new ClassifierFreeZeroStarGuidance(s.Scale("guidance_scale", 7.5), s.Config.Get("zero_init_steps", 1)) { Base = s.Base }, "cfg")),
        new("TangentialClassifierFreeGuidance", s => s.Pair(new TangentialClassifierFreeGuidance(s.Scale("guidance_scale", 7.5)) { Base = s.Base }, "tcfg")),
        new("MagnitudeAwareGuidance", s => s.Pair(new MagnitudeAwareGuidance(s.Scale("guidance_scale", 10), s.Config.Get("alpha", 8.0)) { Base = s.Base }, "mambo")),
        new("FrequencyDecoupledGuidance", StoredFrequencies.Of),
        .. PerturbedGuiders.All,
    ];

    public static string Known => string.Join(", ", All.Select(g => g.Class));

    /// <summary>The guider of a class, or null.</summary>
    public static StoredGuider? Find(string? name) => All.FirstOrDefault(g => g.Class == name);

    /// <exception cref="NotKnownException">There is none.</exception>
    public static StoredGuider For(string name) => Find(name) ?? throw new NotKnownException($"the guider {name} is not known yet. Known are {Known}.");
}
