using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>From pictures to the moments of latents.</summary>
internal sealed record KlEncoder(Conv2d Enter, IReadOnlyList<KlLevel> Levels, IReadOnlyList<Conv2d> Shrinks, KlLevel Middle, GroupNorm Norm, Conv2d Leave, Conv2d? Quant, ScalarType Residual)
{
    private const double Epsilon = 1e-6;

    public static KlEncoder Read(IWeightSource weights, KlConfig c, NetworkOptions options)
    {
        var (widths, last) = (c.Widths, c.Widths[^1]);
        return new(
            Conv2d.Read(weights, "encoder.conv_in", c.Channels, widths[0], dtype: options.DType),
            [.. widths.Select((w, i) => KlLevel.Read(weights, $"encoder.down_blocks.{i}", widths[Math.Max(0, i - 1)], w, c.Layers, c.DownAttention[i] ? c.Layers : 0, c, options))],
            [.. widths.SkipLast(1).Select((w, i) => Conv2d.Read(weights, $"encoder.down_blocks.{i}.downsamplers.0.conv", w, w, stride: 2, padding: 0, dtype: options.DType))],
            KlLevel.Read(weights, "encoder.mid_block", last, last, 2, c.MiddleAttention ? 1 : 0, c, options),
            GroupNorm.Read(weights, "encoder.conv_norm_out", last, c.Groups, Epsilon),
            Conv2d.Read(weights, "encoder.conv_out", last, 2 * c.LatentChannels, dtype: options.DType),
            c.QuantConv ? Conv2d.Read(weights, "quant_conv", 2 * c.LatentChannels, 2 * c.LatentChannels, kernel: 1, dtype: options.DType) : null,
            options.Residual);
    }

    /// <param name="pictures">[rows, channels, height, width].</param>
    /// <returns>[rows, 2·latent channels, height/factor, width/factor]: means, then log-variances.</returns>
    public Tensor Apply(Tensor pictures)
    {
        using var scope = NewDisposeScope();
        var h = KlResidual.InType(Enter.Apply(pictures), Residual);
        for (var i = 0; i < Levels.Count; i++)
        {
            h = Levels[i].Apply(h);
            h = i < Shrinks.Count ? KlResidual.InType(KlLevel.Halved(h, Shrinks[i]), Residual) : h;
        }

        h = Middle.Apply(h);
        using var active = Norm.ApplySilu(h);
        h.Dispose();
        var moments = Leave.Apply(active);
        return KlResidual.InType(Quant is null ? moments : Quant.Apply(moments), Residual).MoveToOuterDisposeScope();
    }
}
