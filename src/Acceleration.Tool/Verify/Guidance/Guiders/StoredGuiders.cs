namespace Acceleration.Tool;

/// <summary>The guiders that can be rebuilt. A new one is one more entry.</summary>
internal static class StoredGuiders
{
    public static IReadOnlyList<StoredGuider> All { get; } =
    [
        new("ClassifierFreeGuidance", s => s.Pair(new ClassifierFreeGuidance(s.Scale("guidance_scale", 7.5)) { Base = s.Base }, "cfg") with { IsElementwise = s.Rescale == 0 }),
        .. PerturbedGuiders.All,
    ];

    public static string Known => string.Join(", ", All.Select(g => g.Class));

    /// <summary>The guider of a class, or null.</summary>
    public static StoredGuider? Find(string? name) => All.FirstOrDefault(g => g.Class == name);

    /// <exception cref="NotKnownException">There is none.</exception>
    public static StoredGuider For(string name) => Find(name) ?? throw new NotKnownException($"the guider {name} is not known yet. Known are {Known}.");
}
