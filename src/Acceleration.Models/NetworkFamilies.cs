namespace Acceleration.Models;

/// <summary>All families. A new one is one more line.</summary>
internal static class NetworkFamilies
{
    public static IReadOnlyList<NetworkFamily> All { get; } =
    [
        new(["DiT"], DiT.Load, "adaLN_modulation.1.weight", "y_embedder.embedding_table.weight"),
        new(["DiTTransformer2DModel"], DiT.Load, "class_embedder.embedding_table.weight", "proj_out_2.weight"),
        new(["TransformerForDiffusion"], TransformerForDiffusion.Load, "input_emb.weight", "pos_emb", "ln_f.weight"),
        new(["ConditionalUnet1D"], ConditionalUnet1D.Load, "diffusion_step_encoder.1.weight", "final_conv.0.block.0.weight"),
        new(["LatteTransformer3DModel"], Latte.Load, "temporal_transformer_blocks.0.attn1.to_q.weight"),
        new(["CogVideoXTransformer3DModel"], CogVideoX.Load, "patch_embed.text_proj.weight", "transformer_blocks.0.norm1.linear.weight"),
        new(["WanTransformer3DModel"], Wan.Load, "condition_embedder.time_proj.weight", "patch_embedding.weight"),
    ];
}
