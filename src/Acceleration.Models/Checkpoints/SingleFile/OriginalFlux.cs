namespace Acceleration.Models;

/// <summary>The names of FLUX in its original release: products of one input are one matrix there, and the last modulation has shift before scale.</summary>
internal static class OriginalFlux
{
    /// <summary>A name that tells the layout.</summary>
    public const string Mark = "double_blocks.0.img_attn.qkv.weight";

    private static readonly ModulePair[] Ends =
    [
        new("img_in", "x_embedder"), new("txt_in", "context_embedder"), new("final_layer.linear", "proj_out"),
        new("time_in.in_layer", "time_text_embed.timestep_embedder.linear_1"), new("time_in.out_layer", "time_text_embed.timestep_embedder.linear_2"),
        new("vector_in.in_layer", "time_text_embed.text_embedder.linear_1"), new("vector_in.out_layer", "time_text_embed.text_embedder.linear_2"),
        new("guidance_in.in_layer", "time_text_embed.guidance_embedder.linear_1"), new("guidance_in.out_layer", "time_text_embed.guidance_embedder.linear_2"),
    ];

    private static readonly (string Original, string Name)[] Double =
    [
        ("img_mod.lin", "norm1.linear"), ("txt_mod.lin", "norm1_context.linear"), ("img_attn.proj", "attn.to_out.0"), ("txt_attn.proj", "attn.to_add_out"),
        ("img_mlp.0", "ff.net.0.proj"), ("img_mlp.2", "ff.net.2"), ("txt_mlp.0", "ff_context.net.0.proj"), ("txt_mlp.2", "ff_context.net.2"),
    ];

    private static readonly (string Original, string Name)[] Norms =
    [
        ("img_attn.norm.query_norm.scale", "attn.norm_q.weight"), ("img_attn.norm.key_norm.scale", "attn.norm_k.weight"),
        ("txt_attn.norm.query_norm.scale", "attn.norm_added_q.weight"), ("txt_attn.norm.key_norm.scale", "attn.norm_added_k.weight"),
    ];

    /// <summary>Where each tensor of a FluxTransformer2DModel comes from.</summary>
    /// <param name="file">The file.</param>
    /// <param name="prefix">What precedes the network's names in it.</param>
    public static Dictionary<string, TensorSource> Of(ICheckpoint file, string prefix)
    {
        var sources = new Dictionary<string, TensorSource>();
        var width = file.Tensors.TryGetValue(prefix + "img_in.weight", out var entry) && entry.Shape.Count == 2 ? entry.Shape[0] : throw new CheckpointException(file.FilePath, prefix + "img_in.weight", "the file has no such matrix, which FLUX needs.");
        foreach (var kind in new[] { "weight", "bias" })
        {
            foreach (var pair in Ends)
            {
                Add($"{pair.Name}.{kind}", new($"{prefix}{pair.Original}.{kind}"));
            }

            Add($"norm_out.linear.{kind}", new($"{prefix}final_layer.adaLN_modulation.1.{kind}") { SwapsHalves = true });
        }

        for (var i = 0; i < BlockCount.Of(file, prefix + "double_blocks."); i++)
        {
            var (original, name) = ($"{prefix}double_blocks.{i}.", $"transformer_blocks.{i}.");
            foreach (var norm in Norms)
            {
                Add(name + norm.Name, new(original + norm.Original));
            }

            foreach (var kind in new[] { "weight", "bias" })
            {
                foreach (var part in Double)
                {
                    Add($"{name}{part.Name}.{kind}", new($"{original}{part.Original}.{kind}"));
                }

                Split($"{original}img_attn.qkv.{kind}", [.. new[] { "to_q", "to_k", "to_v" }.Select(p => ($"{name}attn.{p}.{kind}", (long?)width))]);
                Split($"{original}txt_attn.qkv.{kind}", [.. new[] { "add_q_proj", "add_k_proj", "add_v_proj" }.Select(p => ($"{name}attn.{p}.{kind}", (long?)width))]);
            }
        }

        for (var i = 0; i < BlockCount.Of(file, prefix + "single_blocks."); i++)
        {
            var (original, name) = ($"{prefix}single_blocks.{i}.", $"single_transformer_blocks.{i}.");
            Add(name + "attn.norm_q.weight", new(original + "norm.query_norm.scale"));
            Add(name + "attn.norm_k.weight", new(original + "norm.key_norm.scale"));
            foreach (var kind in new[] { "weight", "bias" })
            {
                Add($"{name}norm.linear.{kind}", new($"{original}modulation.lin.{kind}"));
                Add($"{name}proj_out.{kind}", new($"{original}linear2.{kind}"));
                Split($"{original}linear1.{kind}", ($"{name}attn.to_q.{kind}", width), ($"{name}attn.to_k.{kind}", width), ($"{name}attn.to_v.{kind}", width), ($"{name}proj_mlp.{kind}", null));
            }
        }

        return sources;

        void Add(string name, TensorSource source)
        {
            if (file.Tensors.ContainsKey(source.Stored))
            {
                sources[name] = source;
            }
        }

        void Split(string stored, params (string Name, long? Rows)[] parts)
        {
            var first = 0L;
            foreach (var (name, rows) in parts)
            {
                if (file.Tensors.TryGetValue(stored, out var joint))
                {
                    var count = rows ?? joint.Shape[0] - first;
                    sources[name] = new(stored) { First = first, Count = count };
                    first += count;
                }
            }
        }
    }
}
