namespace Acceleration.Models;

/// <summary>
/// The names under which low-rank files speak of a component's modules. diffusers and peft write a prefix and the module's own name, kohya's scripts the name with underscores for dots, and for SDXL that of the original
/// release.
/// </summary>
internal static class LoraNames
{
    private static readonly Dictionary<string, string[]> Prefixes = new()
    {
        ["unet"] = ["unet.", "", "base_model.model."],
        ["transformer"] = ["transformer.", "", "diffusion_model.", "base_model.model."],
        ["text_encoder"] = ["text_encoder.", "text_encoder.base_model.model."],
        ["text_encoder_2"] = ["text_encoder_2."],
    };

    private static readonly Dictionary<string, string[]> FlatPrefixes = new()
    {
        ["unet"] = ["lora_unet_"],
        ["transformer"] = ["lora_transformer_", "lora_unet_"],
        ["text_encoder"] = ["lora_te_", "lora_te1_"],
        ["text_encoder_2"] = ["lora_te2_"],
    };

    /// <summary>Every name that a file may give a module.</summary>
    /// <param name="component">The component it lies in.</param>
    /// <param name="module">Its name there.</param>
    /// <param name="original">Its name in the original release, where that is known.</param>
    public static IEnumerable<string> Of(string component, string module, string? original)
    {
        // Before peft, diffusers wrote the projection of a processor: attn1.processor.to_q_lora for attn1.to_q.
        var processor = module.LastIndexOf(".to_", StringComparison.Ordinal) is > 0 and var at
            ? module[..at] + ".processor" + module[at..].Replace("to_out.0", "to_out", StringComparison.Ordinal)
            : null;
        foreach (var prefix in Prefixes.GetValueOrDefault(component, []))
        {
            yield return prefix + module;
            if (processor is not null)
            {
                yield return prefix + processor;
            }
        }

        foreach (var prefix in FlatPrefixes.GetValueOrDefault(component, []))
        {
            yield return prefix + module.Replace('.', '_');
            if (original is not null)
            {
                yield return prefix + original.Replace('.', '_');
            }
        }
    }
}
