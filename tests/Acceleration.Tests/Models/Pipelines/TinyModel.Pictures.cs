using System.Text.Json.Nodes;

namespace Acceleration.Tests.Models;

/// <summary>Models that are conditioned on pictures.</summary>
internal static partial class TinyModel
{
    /// <summary>Latents of 4 channels, as many of a picture, and a mask.</summary>
    private const int InpaintingChannels = 9;

    private const int Packed = 16;

    /// <summary>4 × 4 pixels of a mask for each latent one, packed.</summary>
    private const int PackedMask = 64;

    /// <summary>Width of what the image encoder sees.</summary>
    private const int SeenWidth = 18;

    private static void WritePictured(string folder, string family)
    {
        const int width = ClipWidth + ProjectingWidth;
        switch (family)
        {
            case "sd15-inpaint":
                Network(
                    folder, "unet", "unet_sd15", c => (c["in_channels"], c["cross_attention_dim"]) = (InpaintingChannels, ClipWidth),
                    ("weights.conv_in.weight", [-1, InpaintingChannels, -1, -1]), (".attn2.to_k.weight", [-1, ClipWidth]), (".attn2.to_v.weight", [-1, ClipWidth]));
                Clip(folder, "");
                Finish(folder, "StableDiffusionInpaintPipeline", "sd15_cfg", "AutoencoderKL");
                break;
            case "sdxl-inpaint":
                Network(
                    folder, "unet", "unet_sdxl", c => (c["in_channels"], c["cross_attention_dim"], c["projection_class_embeddings_input_dim"]) = (InpaintingChannels, width, Projected + 48),
                    ("weights.conv_in.weight", [-1, InpaintingChannels, -1, -1]), (".attn2.to_k.weight", [-1, width]), (".attn2.to_v.weight", [-1, width]), ("add_embedding.linear_1.weight", [-1, Projected + 48]));
                Clip(folder, "");
                ProjectingClip(folder, "_2");
                Finish(folder, "StableDiffusionXLInpaintPipeline", "sdxl_cfg", "AutoencoderKL");
                break;
            case "flux-fill":
                Flux(folder, "FluxFillPipeline", (2 * Packed) + PackedMask);
                break;
            case "flux-control":
                Flux(folder, "FluxControlPipeline", 2 * Packed);
                break;
            case "wan-i2v":
                // Which of four frames are given, and latents.
                Network(
                    folder, "transformer", "wan_i2v", c => (c["in_channels"], c["text_dim"], c["image_dim"]) = (12, T5Width, SeenWidth),
                    ("patch_embedding.weight", [-1, 12, -1, -1, -1]), ("condition_embedder.text_embedder.linear_1.weight", [-1, T5Width]),
                    ("image_embedder.norm1.weight", [SeenWidth]), ("image_embedder.norm1.bias", [SeenWidth]), ("image_embedder.ff.net.0.proj.weight", [SeenWidth, SeenWidth]),
                    ("image_embedder.ff.net.0.proj.bias", [SeenWidth]), ("image_embedder.ff.net.2.weight", [-1, SeenWidth]));
                T5(folder, "", "umt5_encoder");
                Images(folder);
                Finish(folder, "WanImageToVideoPipeline", "wan_t2v_cfg", "AutoencoderKLWan");
                break;
            case "cogvideox-i2v":
                Network(
                    folder, "transformer", "cogvideox", c => (c["in_channels"], c["out_channels"], c["text_embed_dim"], c["max_text_seq_length"]) = (8, 4, T5Width, 226),
                    ("patch_embed.proj.weight", [-1, 8, -1, -1]), ("patch_embed.text_proj.weight", [-1, T5Width]));
                T5(folder, "", "t5_encoder");
                Finish(folder, "CogVideoXImageToVideoPipeline", "sd21_vpred_rescale", "AutoencoderKLCogVideoX");
                break;
            default:
                throw new ArgumentException($"There is no tiny model '{family}'.", nameof(family));
        }
    }

    private static void Images(string folder)
    {
        using var file = SafetensorsFile.Open(Fixture("models", "clip_vision"));
        Component(folder, "image_encoder", "model.safetensors", file, c => c["architectures"] = new JsonArray(file.Metadata["model_class"]), null, []);
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "image_processor")).FullName, "preprocessor_config.json"), "{\"size\": {\"shortest_edge\": 12}, \"crop_size\": {\"height\": 12, \"width\": 12}}");
    }

    private static void Flux(string folder, string pipeline, int inputs)
    {
        Network(
            folder, "transformer", "flux_dev", c => (c["in_channels"], c["out_channels"], c["joint_attention_dim"], c["pooled_projection_dim"]) = (inputs, Packed, T5Width, ClipWidth),
            ("x_embedder.weight", [-1, inputs]), ("context_embedder.weight", [-1, T5Width]), ("text_embedder.linear_1.weight", [-1, ClipWidth]), ("weights.proj_out.weight", [Packed, -1]), ("weights.proj_out.bias", [Packed]));
        Clip(folder, "");
        T5(folder, "_2", "t5_encoder");
        Finish(folder, pipeline, "flux_dev", "AutoencoderKL");
    }
}
