using System.Text.Json;

namespace Acceleration.Tool;

/// <summary>The projecting guiders of the reference.</summary>
internal static class StoredProjection
{
    public static StoredGuidance Of(GuiderSettings s)
    {
        var momentum = s.Config.Get<double?>("adaptive_projected_guidance_momentum", null);
        var guidance = new AdaptiveProjectedGuidance(s.Scale("guidance_scale", 7.5))
        {
            Momentum = momentum,
            Longest = s.Longest(15),
            Eta = s.Config.Get("eta", 1.0),
            Axes = Axes(s),
            Base = s.Base,
        };
        return s.Pair(guidance, "apg") with { Memory = Memory(s, momentum) };
    }

    public static StoredGuidance Mix(GuiderSettings s)
    {
        var momentum = s.Config.Has("adaptive_projected_guidance_momentum") || !s.Config.Keys.Contains("adaptive_projected_guidance_momentum")
            ? s.Config.Get<double?>("adaptive_projected_guidance_momentum", -0.5)
            : s.Config.Get<double?>("adaptive_projected_guidance_momentum", null);
        var after = s.Config.Get("adaptive_projected_guidance_start_step", 5);
        var guidance = new AdaptiveProjectedMixGuidance(s.Scale("guidance_scale", 3.5), s.Scale("adaptive_projected_guidance_scale", 10), Math.Max(-1, after))
        {
            Momentum = momentum,
            Longest = s.Longest(10),
            Eta = s.Config.Get("eta", 0.0),
            Base = s.Base,
        };
        var read = s.Pair(guidance, "cfg");
        return read with
        {
            Memory = Memory(s, momentum),
            Active = new Dictionary<string, Func<int, IReadOnlySet<int>, bool>>(read.Active) { ["apg"] = (k, evaluated) => StoredGuidance.IsGuided(k, evaluated) && k > after && Math.Abs(guidance.ProjectedScale - 1) > 1e-9 },
        };
    }

    private static (string, StoreKey)? Memory(GuiderSettings s, double? momentum) => s.IsEnabled && momentum is not null and not 0 ? ("momentum", new("momentum")) : null;

    /// <summary>Dimensions of [samples, channels, ...], counted from either end; null for all but the samples.</summary>
    private static ProjectionAxes? Axes(GuiderSettings s)
    {
        const string Key = "adaptive_projected_guidance_norm_dim";
        var stored = s.Config.Get<JsonElement?>(Key, null);
        if (stored is not { } given)
        {
            return null;
        }

        var rank = s.Size.Count + 1;
        int[] dimensions = given.ValueKind == JsonValueKind.Number ? [given.GetInt32()] : given.Deserialize<int[]>()!;
        return dimensions.Select(d => d < 0 ? d + rank : d).Aggregate((ProjectionAxes)0, (all, d) => all | Axis(d));

        ProjectionAxes Axis(int d) =>
            d == 1 ? ProjectionAxes.Channels
            : d == rank - 1 ? ProjectionAxes.Width
            : d == rank - 2 && d > 1 ? ProjectionAxes.Height
            : d == rank - 3 && d > 1 ? ProjectionAxes.Frames
            : throw new NotKnownException($"{Key} = {given.GetRawText()} is not known here: it names no axis of one sample of [{string.Join(", ", s.Size)}].");
    }
}
