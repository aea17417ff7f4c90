using System.Text.Json;
using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace Acceleration.Tests.Models;

/// <summary>
/// Whole models of a few hundred kilobytes in diffusers' form, put together of the golden networks: where widths of two networks must agree and do not, the matrices between them are random ones of the right shape.
/// Their pictures mean nothing; that they come out of prompts, schedulers and autoencoders is what is tested.
/// </summary>
internal static partial class TinyModel
{
    private const int ClipWords = 1145;
    private const int T5Words = 512;
    private const int ClipWidth = 24;
    private const int ProjectingWidth = 28;
    private const int Projected = 18;
    private const int T5Width = 24;

    /// <summary>The families that can be written.</summary>
    public static IReadOnlyList<string> Families { get; } = ["sd15", "lcm", "sdxl", "pixart", "sd3", "flux", "wan", "latte", "cogvideox", "dit", "ddpm", "sd15-inpaint", "sdxl-inpaint", "flux-fill", "flux-control", "wan-i2v", "cogvideox-i2v"];

    /// <summary>Writes a model.</summary>
    /// <returns>Its folder.</returns>
    public static string Write(string parent, string family)
    {
        using var scope = NewDisposeScope();
        var folder = Directory.CreateDirectory(Path.Combine(parent, "tiny-" + family)).FullName;
        switch (family)
        {
            case "sd15":
                Network(folder, "unet", "unet_sd15", c => c["cross_attention_dim"] = ClipWidth, (".attn2.to_k.weight", [-1, ClipWidth]), (".attn2.to_v.weight", [-1, ClipWidth]));
                Clip(folder, "");
                Finish(folder, "StableDiffusionPipeline", "sd15_cfg", "AutoencoderKL");
                break;
            case "lcm":
                Network(folder, "unet", "unet_lcm_cond", c => c["cross_attention_dim"] = ClipWidth, (".attn2.to_k.weight", [-1, ClipWidth]), (".attn2.to_v.weight", [-1, ClipWidth]));
                Clip(folder, "");
                Finish(folder, "LatentConsistencyModelPipeline", "lcm_4", "AutoencoderKL", "schedulers");
                break;
            case "sdxl":
                const int width = ClipWidth + ProjectingWidth;
                Network(
                    folder, "unet", "unet_sdxl", c => (c["cross_attention_dim"], c["projection_class_embeddings_input_dim"]) = (width, Projected + 48),
                    (".attn2.to_k.weight", [-1, width]), (".attn2.to_v.weight", [-1, width]), ("add_embedding.linear_1.weight", [-1, Projected + 48]));
                Clip(folder, "");
                ProjectingClip(folder, "_2");
                Finish(folder, "StableDiffusionXLPipeline", "sdxl_cfg", "AutoencoderKL");
                break;
            case "pixart":
                Network(folder, "transformer", "pixart_alpha_256", c => c["caption_channels"] = T5Width, ("caption_projection.linear_1.weight", [-1, T5Width]));
                T5(folder, "", "t5_encoder");
                Finish(folder, "PixArtAlphaPipeline", "pixart_alpha_256", "AutoencoderKL");
                break;
            case "sd3":
                // Without the third encoder, as it is often used.
                Network(
                    folder, "transformer", "sd3", c => (c["joint_attention_dim"], c["pooled_projection_dim"]) = (2 * ProjectingWidth, 2 * Projected),
                    ("context_embedder.weight", [-1, 2 * ProjectingWidth]), ("text_embedder.linear_1.weight", [-1, 2 * Projected]));
                ProjectingClip(folder, "");
                ProjectingClip(folder, "_2");
                Finish(folder, "StableDiffusion3Pipeline", "sd3_cfg", "AutoencoderKL");
                break;
            case "flux":
                Network(
                    folder, "transformer", "flux_dev", c => (c["in_channels"], c["joint_attention_dim"], c["pooled_projection_dim"]) = (16, T5Width, ClipWidth),
                    ("x_embedder.weight", [-1, 16]), ("context_embedder.weight", [-1, T5Width]), ("text_embedder.linear_1.weight", [-1, ClipWidth]), ("weights.proj_out.weight", [16, -1]), ("weights.proj_out.bias", [16]));
                Clip(folder, "");
                T5(folder, "_2", "t5_encoder");
                Finish(folder, "FluxPipeline", "flux_dev", "AutoencoderKL");
                break;
            case "wan":
                Network(folder, "transformer", "wan_t2v", c => c["text_dim"] = T5Width, ("condition_embedder.text_embedder.linear_1.weight", [-1, T5Width]));
                T5(folder, "", "umt5_encoder");
                Finish(folder, "WanPipeline", "wan_t2v_cfg", "AutoencoderKLWan");
                break;
            case "latte":
                Network(folder, "transformer", "latte", c => c["caption_channels"] = T5Width, ("caption_projection.linear_1.weight", [-1, T5Width]));
                T5(folder, "", "t5_encoder");
                Finish(folder, "LattePipeline", "sd15_cfg", "AutoencoderKL");
                break;
            case "cogvideox":
                Network(folder, "transformer", "cogvideox", c => (c["text_embed_dim"], c["max_text_seq_length"]) = (T5Width, 226), ("patch_embed.text_proj.weight", [-1, T5Width]));
                T5(folder, "", "t5_encoder");
                Finish(folder, "CogVideoXPipeline", "sd21_vpred_rescale", "AutoencoderKLCogVideoX");
                break;
            case "dit":
                Network(folder, "transformer", "dit", _ => { });
                Finish(folder, "DiTPipeline", "dit_cfg", "AutoencoderKL");
                break;
            case "ddpm":
                Network(folder, "unet", "unet2d_ddpm", _ => { });
                Finish(folder, "DDPMPipeline", "ddpm_uncond", null);
                break;
            default:
                WritePictured(folder, family);
                break;
        }

        return folder;
    }

    private static void Network(string folder, string component, string fixture, Action<JsonObject> change, params (string End, long[] Shape)[] replaced)
    {
        using var file = SafetensorsFile.Open(Fixture("models", fixture));
        Component(folder, component, "diffusion_pytorch_model.safetensors", file, change, ("_class_name", file.Metadata["model_class"]), replaced);
    }

    private static void Clip(string folder, string number)
    {
        Text(folder, "text_encoder" + number, "clip_text_sd15", ("token_embedding.weight", [ClipWords, -1]));
        Tokenizer(folder, "tokenizer" + number, "clip_tokenizer");
    }

    private static void ProjectingClip(string folder, string number)
    {
        Text(folder, "text_encoder" + number, "clip_text_projection_sdxl", ("token_embedding.weight", [ClipWords, -1]));
        Tokenizer(folder, "tokenizer" + number, "clip_tokenizer");
    }

    private static void T5(string folder, string number, string fixture)
    {
        Text(folder, "text_encoder" + number, fixture, ("shared.weight", [T5Words, -1]), ("embed_tokens.weight", [T5Words, -1]));
        Tokenizer(folder, "tokenizer" + number, "t5_tokenizer");
    }

    private static void Text(string folder, string component, string fixture, params (string End, long[] Shape)[] replaced)
    {
        using var file = SafetensorsFile.Open(Fixture("text", fixture));
        var name = file.Metadata["model_class"];
        Component(folder, component, "model.safetensors", file, c => (c["vocab_size"], c["architectures"]) = (name.StartsWith("CLIP", StringComparison.Ordinal) ? ClipWords : T5Words, new JsonArray(name)), null, replaced);
    }

    private static void Component(
        string folder, string component, string weights, SafetensorsFile file, Action<JsonObject> change, (string Key, string Value)? named, (string End, long[] Shape)[] replaced)
    {
        var place = Directory.CreateDirectory(Path.Combine(folder, component)).FullName;
        var config = JsonNode.Parse(file.Metadata["config"])!.AsObject();
        change(config);
        if (named is var (key, value))
        {
            config[key] = value;
        }

        File.WriteAllText(Path.Combine(place, "config.json"), config.ToJsonString());
        const string prefix = "weights.";
        SafetensorsFile.Write(
            Path.Combine(place, weights),
            file.Names.Where(n => n.StartsWith(prefix, StringComparison.Ordinal)).Select((n, i) => (n[prefix.Length..], Tensor(file, n, (ulong)i, replaced))),
            new Dictionary<string, string> { ["format"] = "pt" });
    }

    /// <summary>The golden tensor, or a random one where the width must be another; −1 keeps a dimension. A tied pair has one random table.</summary>
    private static Tensor Tensor(SafetensorsFile file, string name, ulong seed, (string End, long[] Shape)[] replaced)
    {
        var stored = file.Read(name);
        var shape = Array.Find(replaced, r => name.EndsWith(r.End, StringComparison.Ordinal)).Shape;
        if (shape is null)
        {
            return stored;
        }

        using var generator = new Generator(name.Contains("embed_tokens", StringComparison.Ordinal) || name.Contains("shared", StringComparison.Ordinal) ? 1 : seed);
        long[] wanted = [.. shape.Select((s, d) => s < 0 ? stored.size(d) : s)];
        return randn(wanted, ScalarType.Float32, generator: generator) * (1 / Math.Sqrt(wanted[^1]));
    }

    private static void Tokenizer(string folder, string component, string fixture)
    {
        var place = Directory.CreateDirectory(Path.Combine(folder, component)).FullName;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Fixtures", "text", fixture)))
        {
            if (Path.GetFileName(file) is "vocab.json" or "merges.txt" or "spiece.model")
            {
                File.Copy(file, Path.Combine(place, Path.GetFileName(file)), overwrite: true);
            }
        }
    }

    /// <summary>Scheduler, autoencoder and index.</summary>
    private static void Finish(string folder, string pipeline, string scheduled, string? autoencoder, string kind = "pipelines")
    {
        using (var run = SafetensorsFile.Open(Fixture(kind, scheduled)))
        {
            var config = JsonSerializer.SerializeToNode(PythonJson.Parse(run.Metadata[kind == "pipelines" ? "scheduler_config" : "config"]))!.AsObject();
            config["_class_name"] = run.Metadata["scheduler_class"];
            File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "scheduler")).FullName, "scheduler_config.json"), config.ToJsonString());
        }

        if (autoencoder is not null)
        {
            using var file = SafetensorsFile.Open(Fixture("models", autoencoder.Replace("Autoencoder", "autoencoder_", StringComparison.Ordinal).Replace("KL", "kl_", StringComparison.Ordinal).TrimEnd('_').ToLowerInvariant()));
            Component(folder, "vae", "diffusion_pytorch_model.safetensors", file, _ => { }, ("_class_name", autoencoder), []);
        }

        var index = new Dictionary<string, object> { ["_class_name"] = pipeline, ["scheduler"] = new[] { "diffusers", "Scheduler" } };
        foreach (var component in Directory.EnumerateDirectories(folder).Select(d => Path.GetFileName(d)).Where(c => c != "scheduler"))
        {
            index[component] = new[] { component.StartsWith("te", StringComparison.Ordinal) || component.StartsWith("to", StringComparison.Ordinal) ? "transformers" : "diffusers", component };
        }

        File.WriteAllText(Path.Combine(folder, "model_index.json"), JsonSerializer.Serialize(index));
    }

    private static string Fixture(string kind, string name) => Path.Combine(AppContext.BaseDirectory, "Fixtures", kind, name + ".safetensors");
}
