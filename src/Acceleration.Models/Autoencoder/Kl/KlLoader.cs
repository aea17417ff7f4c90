using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>Makes the layers of an AutoencoderKL from a checkpoint.</summary>
internal static class KlLoader
{
    public const string Mark = "encoder.conv_in.weight";
    private const int Kernel = 9;

    public static KlNetwork Load(ICheckpoint file, NetworkOptions options)
    {
        var first = file.Names.FirstOrDefault(n => n.EndsWith(Mark, StringComparison.Ordinal))
            ?? throw new CheckpointException(file.FilePath, null, $"this is no AutoencoderKL: among its {file.Names.Count} tensors there is no {Mark}.");
        var config = KlConfig.Of(CheckpointConfig.Of(file));
        RequireCredible(file, config);
        var used = (config.ForceUpcast && options.DType == ScalarType.Float16 ? options with { DType = ScalarType.Float32 } : options).Checked();
        using var scope = NewDisposeScope();
        var weights = new WeightMap(file, first[..^Mark.Length], used.Residual, used.Device);
        var (encoder, decoder) = (KlEncoder.Read(weights, config, used), KlDecoder.Read(weights, config, used));
        weights.RequireComplete();
        var scaling = LatentScaling.Of(config.Factors, config.Offsets, used.Residual, used.Device);
        return new(config, encoder, decoder, scaling, used.Residual) { Tensors = NetworkTensors.TakenFrom(scope) };
    }

    private static void RequireCredible(ICheckpoint file, KlConfig c)
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
