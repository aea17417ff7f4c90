using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>The encoder or the decoder.</summary>
internal sealed record CogFilmHalf(FilmConv Enter, IReadOnlyList<CogFilmLevel> Levels, CogFilmNorm Norm, FilmConv Leave)
{
    private const int MiddleBlocks = 2;

    public static CogFilmHalf ReadEncoder(IWeightSource weights, CogFilmConfig c, NetworkOptions options)
    {
        var (widths, last) = (c.Widths, c.Widths[^1]);
        return new(
            Conv(weights, "encoder.conv_in.conv", c.Channels, widths[0], options),
            [
                .. widths.Select((w, i) => new CogFilmLevel(
                    Blocks(weights, $"encoder.down_blocks.{i}", widths[Math.Max(0, i - 1)], w, c.Layers, c, options, decodes: false),
                    i == widths.Count - 1 ? null : FilmConv.Frames(weights, $"encoder.down_blocks.{i}.downsamplers.0.conv", w, w, options, stride: 2),
                    Grows: false,
                    c.InTime(i))),
                new(Blocks(weights, "encoder.mid_block", last, last, MiddleBlocks, c, options, decodes: false)),
            ],
            CogFilmNorm.Read(weights, "encoder.norm_out", last, c),
            Conv(weights, "encoder.conv_out.conv", last, 2 * c.LatentChannels, options));
    }

    public static CogFilmHalf ReadDecoder(IWeightSource weights, CogFilmConfig c, NetworkOptions options)
    {
        int[] widths = [.. c.Widths.Reverse()];
        return new(
            Conv(weights, "decoder.conv_in.conv", c.LatentChannels, widths[0], options),
            [
                new(Blocks(weights, "decoder.mid_block", widths[0], widths[0], MiddleBlocks, c, options, decodes: true)),
                .. widths.Select((w, i) => new CogFilmLevel(
                    Blocks(weights, $"decoder.up_blocks.{i}", widths[Math.Max(0, i - 1)], w, c.Layers + 1, c, options, decodes: true),
                    i == widths.Length - 1 ? null : FilmConv.Frames(weights, $"decoder.up_blocks.{i}.upsamplers.0.conv", w, w, options),
                    Grows: true,
                    c.InTime(i))),
            ],
            CogFilmNorm.ReadModulated(weights, "decoder.norm_out", widths[^1], c, options),
            Conv(weights, "decoder.conv_out.conv", widths[^1], c.DecodedChannels, options));
    }

    /// <param name="x">One part of a film or of its latents.</param>
    /// <param name="latents">The same latents; null in the encoder.</param>
    /// <param name="history">Of the film; changed.</param>
    public Tensor Apply(Tensor x, Tensor? latents, FilmHistory history)
    {
        using var scope = NewDisposeScope();
        var h = Enter.Apply(x, history);
        foreach (var level in Levels)
        {
            h = level.Apply(h, latents, history);
        }

        Tensor active;
        using (h)
        {
            using var normalised = Norm.Apply(h, latents, history);
            active = Activation.Silu.Apply(normalised);
        }

        return Leave.Apply(active, history).MoveToOuterDisposeScope();
    }

    private static FilmConv Conv(IWeightSource weights, string name, int inputs, int outputs, NetworkOptions options) => FilmConv.Causal(weights, name, inputs, outputs, FilmStart.FirstFrame, options);

    private static CogFilmResidual[] Blocks(IWeightSource weights, string name, int inputs, int outputs, int count, CogFilmConfig c, NetworkOptions options, bool decodes) =>
        [.. Enumerable.Range(0, count).Select(i => CogFilmResidual.Read(weights, $"{name}.resnets.{i}", i == 0 ? inputs : outputs, outputs, c, options, decodes))];
}
