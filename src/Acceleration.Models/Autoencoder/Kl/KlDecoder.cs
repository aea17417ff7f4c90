using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>From latents to pictures.</summary>
internal sealed record KlDecoder(Conv2d? PostQuant, Conv2d Enter, KlLevel Middle, IReadOnlyList<KlLevel> Levels, IReadOnlyList<Conv2d> Grows, GroupNorm Norm, Conv2d Leave, ScalarType Residual)
{
    private const double Epsilon = 1e-6;

    public static KlDecoder Read(IWeightSource weights, KlConfig c, NetworkOptions options)
    {
        int[] widths = [.. c.Widths.Reverse()];
        var layers = c.Layers + 1;
        return new(
            c.PostQuantConv ? Conv2d.Read(weights, "post_quant_conv", c.LatentChannels, c.LatentChannels, kernel: 1, dtype: options.DType) : null,
            Conv2d.Read(weights, "decoder.conv_in", c.LatentChannels, widths[0], dtype: options.DType),
            KlLevel.Read(weights, "decoder.mid_block", widths[0], widths[0], 2, c.MiddleAttention ? 1 : 0, c, options),
            [.. widths.Select((w, i) => KlLevel.Read(weights, $"decoder.up_blocks.{i}", widths[Math.Max(0, i - 1)], w, layers, c.UpAttention[i] ? layers : 0, c, options))],
            [.. widths.SkipLast(1).Select((w, i) => Conv2d.Read(weights, $"decoder.up_blocks.{i}.upsamplers.0.conv", w, w, dtype: options.DType))],
            GroupNorm.Read(weights, "decoder.conv_norm_out", widths[^1], c.Groups, Epsilon),
            Conv2d.Read(weights, "decoder.conv_out", widths[^1], c.DecodedChannels, dtype: options.DType),
            options.Residual);
    }

    /// <param name="latents">[rows, latent channels, height, width], of the autoencoder's own scale.</param>
    /// <returns>[rows, channels, height·factor, width·factor].</returns>
    public Tensor Apply(Tensor latents)
    {
        using var scope = NewDisposeScope();
        var h = KlResidual.InType(Enter.Apply(PostQuant is null ? latents : PostQuant.Apply(latents)), Residual);
        h = Middle.Apply(h);
        for (var i = 0; i < Levels.Count; i++)
        {
            h = Levels[i].Apply(h);
            h = i < Grows.Count ? KlResidual.InType(KlLevel.Doubled(h, Grows[i]), Residual) : h;
        }

        using var active = Norm.ApplySilu(h);
        h.Dispose();
        return KlResidual.InType(Leave.Apply(active), Residual).MoveToOuterDisposeScope();
    }
}
