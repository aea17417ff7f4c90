using System.Text.Json;

namespace Acceleration.Tool;

/// <summary>The frequency-decoupled guider of the reference, whose settings are numbers or lists with one for each level.</summary>
internal static class StoredFrequencies
{
    public static StoredGuidance Of(GuiderSettings s)
    {
        var scales = s.Config.Get<double[]>("guidance_scales", [10.0, 5.0]);
        var rescale = PerLevel(s, "guidance_rescale") ?? [0];
        var whole = s.Config.Choice("guidance_rescale_space", "data", ("data", true), ("freq", false));

        // It is computed in float64 here whatever this says; float32 is within rounding of it.
        _ = s.Config.Get("upcast_to_double", true);
        var guidance = new FrequencyDecoupledGuidance([.. scales.Select(s.OfBase)])
        {
            AlongCondition = PerLevel(s, "parallel_weights"),
            Rescale = whole || rescale.All(r => r <= 0) ? null : [.. rescale.Select(r => Math.Max(0, r))],
            Starts = PerLevel(s, "start"),
            Stops = PerLevel(s, "stop"),
            Base = s.Base,
        };
        IStrategy[] all = [guidance, .. GuiderSettings.Rescaled(whole ? rescale[0] : 0)];
        return new(s.IsEnabled ? all : [])
        {
            Active = new Dictionary<string, Func<int, IReadOnlySet<int>, bool>> { ["fdg"] = StoredGuidance.IsGuided },
            IsPadded = true,
        };
    }

    private static double[]? PerLevel(GuiderSettings s, string key) => s.Config.Get<JsonElement?>(key, null) is not { } given ? null
        : given.ValueKind == JsonValueKind.Number ? [given.GetDouble()]
        : given.Deserialize<double[]>();
}
