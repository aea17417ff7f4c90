namespace Acceleration.Models;

/// <summary>All families. A new one is one more line.</summary>
internal static class NetworkFamilies
{
    public static IReadOnlyList<NetworkFamily> All { get; } =
    [
        new(["DiT"], DiT.Load, "adaLN_modulation.1.weight", "y_embedder.embedding_table.weight"),
        new(["DiTTransformer2DModel"], DiT.Load, "class_embedder.embedding_table.weight", "proj_out_2.weight"),
        new(["UNet2DModel", "UNet2DConditionModel"], UNet.Load, "time_embedding.linear_1.weight", "conv_norm_out.weight", "down_blocks.0.resnets.0.time_emb_proj.weight"),
    ];
}
