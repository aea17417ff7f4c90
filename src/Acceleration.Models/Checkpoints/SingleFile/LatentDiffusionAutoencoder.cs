namespace Acceleration.Models;

/// <summary>The names of an autoencoder in the original latent-diffusion release, without the prefix <c>first_stage_model.</c>: the way up is numbered from the inside there.</summary>
internal static class LatentDiffusionAutoencoder
{
    private static readonly (string Original, string Name)[] Attention = [("norm", "group_norm"), ("q", "to_q"), ("k", "to_k"), ("v", "to_v"), ("proj_out", "to_out.0")];

    /// <summary>All modules.</summary>
    /// <param name="levels">Levels of resolution.</param>
    /// <param name="layers">Residual blocks of a level on the way down; one more on the way up.</param>
    public static IEnumerable<ModulePair> Pairs(int levels, int layers) =>
    [
        new("quant_conv", "quant_conv"), new("post_quant_conv", "post_quant_conv"),
        .. Half(new("encoder", "encoder")), .. Half(new("decoder", "decoder")),
        .. Enumerable.Range(0, levels).SelectMany(level => Level(new($"encoder.down.{level}", $"encoder.down_blocks.{level}"), layers, "downsample", "downsamplers.0")),
        .. Enumerable.Range(0, levels).SelectMany(level => Level(new($"decoder.up.{levels - 1 - level}", $"decoder.up_blocks.{level}"), layers + 1, "upsample", "upsamplers.0")),
    ];

    /// <summary>Whether a module is a linear layer that the release stores as a 1×1 convolution.</summary>
    public static bool IsPointwise(string name) => name.Contains(".attentions.", StringComparison.Ordinal) && !name.Contains("group_norm", StringComparison.Ordinal);

    private static IEnumerable<ModulePair> Half(ModulePair half) =>
    [
        half.In("conv_in", "conv_in"), half.In("norm_out", "conv_norm_out"), half.In("conv_out", "conv_out"),
        .. Residual(half.In("mid.block_1", "mid_block.resnets.0")), .. Residual(half.In("mid.block_2", "mid_block.resnets.1")),
        .. Attention.Select(a => half.In("mid.attn_1." + a.Original, "mid_block.attentions.0." + a.Name)),
    ];

    private static IEnumerable<ModulePair> Level(ModulePair level, int layers, string original, string name) =>
    [
        .. Enumerable.Range(0, layers).SelectMany(layer => Residual(level.In($"block.{layer}", $"resnets.{layer}"))),
        level.In($"{original}.conv", $"{name}.conv"),
    ];

    private static IEnumerable<ModulePair> Residual(ModulePair block) =>
    [
        .. new[] { "norm1", "conv1", "norm2", "conv2" }.Select(part => block.In(part, part)), block.In("nin_shortcut", "conv_shortcut"),
    ];
}
