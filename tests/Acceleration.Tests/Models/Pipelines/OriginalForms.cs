using static TorchSharp.torch;

namespace Acceleration.Tests.Models;

/// <summary>Writes networks of diffusers' layout as the original releases hold them, independently of the tables that read them.</summary>
internal static class OriginalForms
{
    /// <summary>FLUX: joint products, scale and shift of the last modulation the other way around.</summary>
    public static IEnumerable<(string Name, Tensor Tensor)> Flux(Func<string, Tensor?> read, string prefix)
    {
        foreach (var kind in new[] { "weight", "bias" })
        {
            yield return ($"{prefix}img_in.{kind}", read($"x_embedder.{kind}")!);
            yield return ($"{prefix}txt_in.{kind}", read($"context_embedder.{kind}")!);
            yield return ($"{prefix}final_layer.linear.{kind}", read($"proj_out.{kind}")!);
            yield return ($"{prefix}final_layer.adaLN_modulation.1.{kind}", cat([.. read($"norm_out.linear.{kind}")!.chunk(2, 0).Reverse()], 0));
            foreach (var (original, name) in new[] { ("time_in", "timestep_embedder"), ("vector_in", "text_embedder"), ("guidance_in", "guidance_embedder") })
            {
                if (read($"time_text_embed.{name}.linear_1.{kind}") is { } first)
                {
                    yield return ($"{prefix}{original}.in_layer.{kind}", first);
                    yield return ($"{prefix}{original}.out_layer.{kind}", read($"time_text_embed.{name}.linear_2.{kind}")!);
                }
            }

            for (var i = 0; read($"transformer_blocks.{i}.attn.to_q.{kind}") is not null; i++)
            {
                var (to, from) = ($"{prefix}double_blocks.{i}.", $"transformer_blocks.{i}.");
                Tensor Joint(params string[] parts) => cat([.. parts.Select(p => read($"{from}attn.{p}.{kind}")!)], 0);
                yield return ($"{to}img_attn.qkv.{kind}", Joint("to_q", "to_k", "to_v"));
                yield return ($"{to}txt_attn.qkv.{kind}", Joint("add_q_proj", "add_k_proj", "add_v_proj"));
                yield return ($"{to}img_attn.proj.{kind}", read($"{from}attn.to_out.0.{kind}")!);
                yield return ($"{to}txt_attn.proj.{kind}", read($"{from}attn.to_add_out.{kind}")!);
                yield return ($"{to}img_mod.lin.{kind}", read($"{from}norm1.linear.{kind}")!);
                yield return ($"{to}txt_mod.lin.{kind}", read($"{from}norm1_context.linear.{kind}")!);
                yield return ($"{to}img_mlp.0.{kind}", read($"{from}ff.net.0.proj.{kind}")!);
                yield return ($"{to}img_mlp.2.{kind}", read($"{from}ff.net.2.{kind}")!);
                yield return ($"{to}txt_mlp.0.{kind}", read($"{from}ff_context.net.0.proj.{kind}")!);
                yield return ($"{to}txt_mlp.2.{kind}", read($"{from}ff_context.net.2.{kind}")!);
            }

            for (var i = 0; read($"single_transformer_blocks.{i}.proj_mlp.{kind}") is { } mlp; i++)
            {
                var (to, from) = ($"{prefix}single_blocks.{i}.", $"single_transformer_blocks.{i}.");
                yield return ($"{to}linear1.{kind}", cat([.. new[] { "to_q", "to_k", "to_v" }.Select(p => read($"{from}attn.{p}.{kind}")!), mlp], 0));
                yield return ($"{to}linear2.{kind}", read($"{from}proj_out.{kind}")!);
                yield return ($"{to}modulation.lin.{kind}", read($"{from}norm.linear.{kind}")!);
            }
        }

        for (var i = 0; read($"transformer_blocks.{i}.attn.norm_q.weight") is { } query; i++)
        {
            yield return ($"{prefix}double_blocks.{i}.img_attn.norm.query_norm.scale", query);
            yield return ($"{prefix}double_blocks.{i}.img_attn.norm.key_norm.scale", read($"transformer_blocks.{i}.attn.norm_k.weight")!);
            yield return ($"{prefix}double_blocks.{i}.txt_attn.norm.query_norm.scale", read($"transformer_blocks.{i}.attn.norm_added_q.weight")!);
            yield return ($"{prefix}double_blocks.{i}.txt_attn.norm.key_norm.scale", read($"transformer_blocks.{i}.attn.norm_added_k.weight")!);
        }

        for (var i = 0; read($"single_transformer_blocks.{i}.attn.norm_q.weight") is { } query; i++)
        {
            yield return ($"{prefix}single_blocks.{i}.norm.query_norm.scale", query);
            yield return ($"{prefix}single_blocks.{i}.norm.key_norm.scale", read($"single_transformer_blocks.{i}.attn.norm_k.weight")!);
        }
    }

    /// <summary>OpenCLIP: one matrix for query, key and value, a projection that is multiplied from the right.</summary>
    public static IEnumerable<(string Name, Tensor Tensor)> OpenClip(Func<string, Tensor> read, int layers, string prefix)
    {
        yield return (prefix + "token_embedding.weight", read("text_model.embeddings.token_embedding.weight"));
        yield return (prefix + "positional_embedding", read("text_model.embeddings.position_embedding.weight"));
        yield return (prefix + "text_projection", read("text_projection.weight").t().contiguous());
        foreach (var kind in new[] { "weight", "bias" })
        {
            yield return ($"{prefix}ln_final.{kind}", read($"text_model.final_layer_norm.{kind}"));
            for (var i = 0; i < layers; i++)
            {
                var (to, from) = ($"{prefix}transformer.resblocks.{i}.", $"text_model.encoder.layers.{i}.");
                yield return ($"{to}attn.in_proj_{kind}", cat([.. new[] { "q_proj", "k_proj", "v_proj" }.Select(p => read($"{from}self_attn.{p}.{kind}"))], 0));
                yield return ($"{to}attn.out_proj.{kind}", read($"{from}self_attn.out_proj.{kind}"));
                yield return ($"{to}ln_1.{kind}", read($"{from}layer_norm1.{kind}"));
                yield return ($"{to}ln_2.{kind}", read($"{from}layer_norm2.{kind}"));
                yield return ($"{to}mlp.c_fc.{kind}", read($"{from}mlp.fc1.{kind}"));
                yield return ($"{to}mlp.c_proj.{kind}", read($"{from}mlp.fc2.{kind}"));
            }
        }
    }
}
