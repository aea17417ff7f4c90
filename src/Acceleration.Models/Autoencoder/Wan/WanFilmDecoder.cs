namespace Acceleration.Models;

/// <summary>Reads the layers from latents to folded films.</summary>
internal static class WanFilmDecoder
{
    public static IReadOnlyList<IFilmLayer> Read(IWeightSource weights, WanFilmConfig c, NetworkOptions options) =>
    [
        FilmConv.Pixels(weights, "post_quant_conv", c.LatentChannels, c.LatentChannels, options),
        FilmConv.Causal(weights, "decoder.conv_in", c.LatentChannels, c.DecoderWidths[0], FilmStart.Zeros, options),
        .. WanFilmEncoder.Middle(weights, "decoder.mid_block", c.DecoderWidths[0], options),
        .. c.DecoderWidths.SelectMany((_, level) => Level(weights, level, c, options)),
        WanFilmActive.Read(weights, "decoder.norm_out", "decoder.conv_out", c.DecoderWidths[^1], c.Outputs, options),
    ];

    private static IEnumerable<IFilmLayer> Level(IWeightSource weights, int level, WanFilmConfig c, NetworkOptions options)
    {
        var (name, width, grows) = ($"decoder.up_blocks.{level}", c.DecoderWidths[level], level < c.InTime.Count);
        var inTime = grows && c.GrowsInTime(level);
        List<IFilmLayer> layers = [.. Enumerable.Range(0, c.Blocks + 1).Select(i => WanFilmResidual.Read(weights, $"{name}.resnets.{i}", i == 0 ? c.DecoderInputs(level) : width, width, options))];
        if (grows)
        {
            layers.Add(WanFilmGrow.Read(weights, name + (c.IsResidual ? ".upsampler" : ".upsamplers.0"), width, c.IsResidual ? width : width / 2, inTime, options));
        }

        // At the finest level nothing grows, and nothing goes around it.
        return c.IsResidual && grows ? [new WanFilmLevel(layers, width, 2, inTime ? 2 : 1, Grows: true)] : layers;
    }
}
