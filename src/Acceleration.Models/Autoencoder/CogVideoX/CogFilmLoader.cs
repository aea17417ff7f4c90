using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>Makes the layers of an AutoencoderKLCogVideoX from a checkpoint.</summary>
internal static class CogFilmLoader
{
    public const string Mark = "decoder.norm_out.conv_y.conv.weight";
    private const int Kernel = 27;

    public static CogFilmNetwork Load(ICheckpoint file, NetworkOptions options)
    {
        var prefix = CheckpointLayout.PrefixOf(file, Mark, "AutoencoderKLCogVideoX");
        var c = CogFilmConfig.Of(CheckpointConfig.Of(file));
        RequireCredible(file, c);
        var used = (c.ForceUpcast && options.DType == ScalarType.Float16 ? options with { DType = ScalarType.Float32 } : options).Checked();
        using var scope = NewDisposeScope();
        var weights = new WeightMap(file, prefix, used.Residual, used.Device);
        var (encoder, decoder) = (CogFilmHalf.ReadEncoder(weights, c, used), CogFilmHalf.ReadDecoder(weights, c, used));
        weights.RequireComplete();
        var scaling = LatentScaling.Of([c.Scale], [0], used.Residual, used.Device, ofFilms: true);
        return new(c, encoder, decoder, scaling, used.Residual) { Tensors = NetworkTensors.TakenFrom(scope) };
    }

    private static void RequireCredible(ICheckpoint file, CogFilmConfig c)
    {
        double Block(int inputs, int outputs) => Kernel * (double)outputs * (inputs + outputs);
        var widths = c.Widths;
        var asked = 4 * Block(widths[^1], widths[^1]);
        for (var i = 0; i < widths.Count; i++)
        {
            asked += (2.0 * c.Layers * Block(widths[i], widths[i])) + (widths[i] * (double)widths[Math.Max(0, i - 1)]);
        }

        StatedSize.Require(file, asked, $"{widths.Count} levels of up to {widths.Max()} channels with {c.Layers} layers each");
    }
}
