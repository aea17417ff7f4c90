namespace Acceleration.Tests.Models;

/// <summary>Models that are conditioned on pictures.</summary>
internal static partial class TinyModel
{
    /// <summary>Latents of 4 channels, as many of a picture, and a mask.</summary>
    private const int InpaintingChannels = 9;

    private const int Packed = 16;

    /// <summary>4 × 4 pixels of a mask for each latent one, packed.</summary>
    private const int PackedMask = 64;

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
            default:
                throw new ArgumentException($"There is no tiny model '{family}'.", nameof(family));
        }
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
