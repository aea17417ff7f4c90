using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>Makes the layers of an AutoencoderKLWan from a checkpoint.</summary>
internal static class WanFilmLoader
{
    /// <summary>What other autoencoders do not have.</summary>
    public const string Mark = "decoder.mid_block.attentions.0.to_qkv.weight";
    private const int Kernel = 27;

    public static WanFilmNetwork Load(ICheckpoint file, NetworkOptions options)
    {
        options.Checked();
        var prefix = CheckpointLayout.PrefixOf(file, Mark, "AutoencoderKLWan");
        var c = WanFilmConfig.Of(CheckpointConfig.Of(file));
        StatedSize.Require(
            file,
            Parameters(c.EncoderWidths, c.EncoderWidth, c.Blocks) + Parameters(c.DecoderWidths, c.DecoderWidths[0] / 2, c.Blocks + 1),
            $"{c.EncoderWidths.Count} levels of up to {Math.Max(c.EncoderWidths.Max(), c.DecoderWidths.Max())} channels with {c.Blocks} blocks each");
        using var scope = NewDisposeScope();
        var weights = new WeightMap(file, prefix, options.Residual, options.Device);
        var (encoder, decoder) = (WanFilmEncoder.Read(weights, c, options), WanFilmDecoder.Read(weights, c, options));
        weights.RequireComplete();
        var scaling = LatentScaling.Of(c.Factors, c.Offsets, options.Residual, options.Device, ofFilms: true);
        return new(c, encoder, decoder, scaling, options.Residual) { Tensors = NetworkTensors.TakenFrom(scope) };
    }

    private static double Parameters(IReadOnlyList<int> widths, double first, int blocks) =>
        widths.Select((w, i) => Kernel * w * ((i == 0 ? first : widths[i - 1] / 2) + ((2.0 * blocks) - 1) * w)).Sum();
}
