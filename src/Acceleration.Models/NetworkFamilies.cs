namespace Acceleration.Models;

/// <summary>All families. A new one is one more line.</summary>
internal static class NetworkFamilies
{
    // What DiT and PixArt were both called when their weights were published.
    private const string LegacyClass = "Transformer2DModel";

    public static IReadOnlyList<NetworkFamily> All { get; } =
    [
        new(["DiT"], DiT.Load, "adaLN_modulation.1.weight", "y_embedder.embedding_table.weight"),
        new(["TransformerForDiffusion"], TransformerForDiffusion.Load, "input_emb.weight", "pos_emb", "ln_f.weight"),
        new(["ConditionalUnet1D"], ConditionalUnet1D.Load, "diffusion_step_encoder.1.weight", "final_conv.0.block.0.weight"),
        new(["LatteTransformer3DModel"], Latte.Load, "temporal_transformer_blocks.0.attn1.to_q.weight"),
        new(["CogVideoXTransformer3DModel"], CogVideoX.Load, "patch_embed.text_proj.weight", "transformer_blocks.0.norm1.linear.weight"),
        new(["WanTransformer3DModel"], Wan.Load, "condition_embedder.time_proj.weight", "patch_embedding.weight"),
        new(["DiTTransformer2DModel", LegacyClass], DiT.Load, "class_embedder.embedding_table.weight", "proj_out_2.weight"),
        new(["SD3Transformer2DModel"], SD3.Load, "pos_embed.proj.weight", "context_embedder.weight", "time_text_embed.text_embedder.linear_1.weight"),
        new(["PixArtTransformer2DModel", LegacyClass], PixArt.Load, "pos_embed.proj.weight", "adaln_single.linear.weight", "scale_shift_table"),
        new(["FluxTransformer2DModel"], Flux.Load, "context_embedder.weight", "x_embedder.weight", "single_transformer_blocks.0.proj_mlp.weight"),
        new(["UNet2DModel", "UNet2DConditionModel"], UNet.Load, "time_embedding.linear_1.weight", "conv_norm_out.weight", "down_blocks.0.resnets.0.time_emb_proj.weight"),
    ];
}
