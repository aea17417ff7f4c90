namespace Acceleration.Models;

/// <summary>The names of a text encoder of OpenCLIP, as SD 2 and SDXL files hold it: query, key and value are one matrix there.</summary>
internal static class OpenClipNames
{
    private static readonly (string Original, string Name)[] Layer =
    [
        ("ln_1", "layer_norm1"), ("ln_2", "layer_norm2"), ("attn.out_proj", "self_attn.out_proj"), ("mlp.c_fc", "mlp.fc1"), ("mlp.c_proj", "mlp.fc2"),
    ];

    /// <summary>Where each tensor of a CLIPTextModel comes from.</summary>
    /// <param name="file">The file.</param>
    /// <param name="prefix">What precedes the encoder's names in it.</param>
    /// <param name="layers">Layers to take: SD 2 leaves the last one out.</param>
    public static Dictionary<string, TensorSource> Of(ICheckpoint file, string prefix, int layers)
    {
        var sources = new Dictionary<string, TensorSource>
        {
            ["text_model.embeddings.token_embedding.weight"] = new(prefix + "token_embedding.weight"),
            ["text_model.embeddings.position_embedding.weight"] = new(prefix + "positional_embedding"),
            ["text_model.final_layer_norm.weight"] = new(prefix + "ln_final.weight"),
            ["text_model.final_layer_norm.bias"] = new(prefix + "ln_final.bias"),
        };
        if (file.Tensors.ContainsKey(prefix + "text_projection"))
        {
            sources["text_projection.weight"] = new(prefix + "text_projection") { Transposes = true };
        }

        for (var i = 0; i < layers; i++)
        {
            var (original, name) = ($"{prefix}transformer.resblocks.{i}.", $"text_model.encoder.layers.{i}.");
            foreach (var kind in new[] { "weight", "bias" })
            {
                foreach (var part in Layer)
                {
                    sources[$"{name}{part.Name}.{kind}"] = new($"{original}{part.Original}.{kind}");
                }

                var joint = $"{original}attn.in_proj_{kind}";
                var width = file.Tensors.TryGetValue(joint, out var entry) && entry.Shape.Count > 0 ? entry.Shape[0] / 3 : throw new CheckpointException(file.FilePath, joint, "the file has no such tensor, which its text encoder needs.");
                string[] projections = ["q_proj", "k_proj", "v_proj"];
                for (var part = 0; part < projections.Length; part++)
                {
                    sources[$"{name}self_attn.{projections[part]}.{kind}"] = new(joint) { First = part * width, Count = width };
                }
            }
        }

        return sources;
    }
}
