namespace Acceleration.Models;

/// <summary>Reads the layers from folded films to the moments of latents.</summary>
internal static class WanFilmEncoder
{
    public static IReadOnlyList<IFilmLayer> Read(IWeightSource weights, WanFilmConfig c, NetworkOptions options)
    {
        var last = c.EncoderWidths[^1];
        return
        [
            FilmConv.Causal(weights, "encoder.conv_in", c.Inputs, c.EncoderWidth, FilmStart.Zeros, options),
            .. c.IsResidual ? Levels(weights, c, options) : Blocks(weights, c, options),
            .. Middle(weights, "encoder.mid_block", last, options),
            WanFilmActive.Read(weights, "encoder.norm_out", "encoder.conv_out", last, 2 * c.LatentChannels, options),
            FilmConv.Pixels(weights, "quant_conv", 2 * c.LatentChannels, 2 * c.LatentChannels, options),
        ];
    }

    /// <summary>What stands between the levels of either half.</summary>
    public static IEnumerable<IFilmLayer> Middle(IWeightSource weights, string name, int width, NetworkOptions options) =>
    [
        WanFilmResidual.Read(weights, name + ".resnets.0", width, width, options),
        WanFilmAttention.Read(weights, name + ".attentions.0", width, options),
        WanFilmResidual.Read(weights, name + ".resnets.1", width, width, options),
    ];

    /// <summary>Blocks, attentions and reductions are numbered through.</summary>
    private static List<IFilmLayer> Blocks(IWeightSource weights, WanFilmConfig c, NetworkOptions options)
    {
        var (layers, width) = (new List<IFilmLayer>(), c.EncoderWidth);
        string Name() => $"encoder.down_blocks.{layers.Count}";
        for (var level = 0; level < c.EncoderWidths.Count; level++)
        {
            for (var i = 0; i < c.Blocks; i++)
            {
                layers.Add(WanFilmResidual.Read(weights, Name(), width, c.EncoderWidths[level], options));
                width = c.EncoderWidths[level];
                if (c.Attention[level])
                {
                    layers.Add(WanFilmAttention.Read(weights, Name(), width, options));
                }
            }

            if (level < c.InTime.Count)
            {
                layers.Add(WanFilmShrink.Read(weights, Name(), width, c.InTime[level], options));
            }
        }

        return layers;
    }

    private static IEnumerable<IFilmLayer> Levels(IWeightSource weights, WanFilmConfig c, NetworkOptions options) => c.EncoderWidths.Select((width, level) =>
    {
        var (name, inputs, shrinks) = ($"encoder.down_blocks.{level}", level == 0 ? c.EncoderWidth : c.EncoderWidths[level - 1], level < c.InTime.Count);
        var inTime = shrinks && c.InTime[level];
        return new WanFilmLevel(
            [
                .. Enumerable.Range(0, c.Blocks).Select(i => WanFilmResidual.Read(weights, $"{name}.resnets.{i}", i == 0 ? inputs : width, width, options)),
                .. shrinks ? new IFilmLayer[] { WanFilmShrink.Read(weights, name + ".downsampler", width, inTime, options) } : [],
            ],
            width,
            shrinks ? 2 : 1,
            inTime ? 2 : 1,
            Grows: false);
    });
}
