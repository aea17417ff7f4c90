using System.Text.Json;

namespace Acceleration.Tool;

/// <summary>The frequency-decoupled guider of the reference, whose settings are numbers or lists with one for each level.</summary>
internal static class StoredFrequencies
{
    public static StoredGuidance Of(GuiderSettings s)
    {
        var scales = s.Config.Get<double[]>("guidance_scales", [10.0, 5.0]);
        double[] Of(string key, double otherwise) => PerLevel(s, key, otherwise, scales.Length);
        var (along, rescale, starts, stops) = (Of("parallel_weights", 1), Of("guidance_rescale", 0), Of("start", 0), Of("stop", 1));
        var whole = s.Config.Choice("guidance_rescale_space", "data", ("data", true), ("freq", false));

        // It is computed in float64 here whatever this says; float32 is within rounding of it.
        _ = s.Config.Get("upcast_to_double", true);
        var levels = scales.Select((scale, l) => new FrequencyLevel(s.OfBase(scale)) { AlongCondition = along[l], Rescale = whole ? 0 : Math.Max(0, rescale[l]), Start = starts[l], Stop = stops[l] });
        var guidance = new FrequencyDecoupledGuidance([.. levels]) { Base = s.Base };
        IStrategy[] all = [guidance, .. GuiderSettings.Rescaled(whole ? rescale[0] : 0)];
        return new(s.IsEnabled ? all : [])
        {
            Active = new Dictionary<string, Func<int, IReadOnlySet<int>, bool>> { ["fdg"] = StoredGuidance.IsGuided },
            IsPadded = true,
        };
    }

    private static double[] PerLevel(GuiderSettings s, string key, double otherwise, int levels)
    {
        double[] values = s.Config.Get<JsonElement?>(key, null) is not { } given ? [otherwise] : given.ValueKind == JsonValueKind.Number ? [given.GetDouble()] : given.Deserialize<double[]>()!;
        return values.Length == levels ? values
            : values.Length == 1 ? [.. Enumerable.Repeat(values[0], levels)]
            : throw new NotKnownException($"{key} has {values.Length} values for {levels} levels.");
    }
}
