using System.Text.Json;

namespace Acceleration.Tool;

/// <summary>The settings of a guider of the reference, as a scale of this library.</summary>
internal static class StoredGuider
{
    public const string ClassifierFree = "ClassifierFreeGuidance";

    /// <summary>s of u + s·(c − u); 1 where guidance is off.</summary>
    /// <exception cref="NotKnownException">A setting is not known yet; the message names it.</exception>
    public static double Scale(StoredConfig config)
    {
        var scale = config.Get("guidance_scale", 7.5);
        var original = config.Get("use_original_formulation", false);
        var enabled = config.Get("enabled", true);
        config.Expect("guidance_rescale", 0.0);
        config.Expect("start", 0.0);
        config.Expect("stop", 1.0);
        config.RequireAllRead();

        // c + w·(c − u) has w = s − 1.
        return !enabled ? 1 : original ? scale + 1 : scale;
    }

    /// <summary>Settings from a case.</summary>
    public static StoredConfig Of(string name, JsonElement json) => new(name, json);
}
