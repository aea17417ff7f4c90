using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Acceleration.Models;

/// <summary>Makes the layers of an AutoencoderTiny from a checkpoint, numbered as they stand in its two chains.</summary>
internal static class TinyLoader
{
    public const string Mark = "encoder.layers.0.weight";
    private const int Kernel = 9;

    public static TinyNetwork Load(ICheckpoint file, NetworkOptions options)
    {
        var first = file.Names.FirstOrDefault(n => n.EndsWith(Mark, StringComparison.Ordinal))
            ?? throw new CheckpointException(file.FilePath, null, $"this is no AutoencoderTiny: among its {file.Names.Count} tensors there is no {Mark}.");
        var config = TinyConfig.Of(CheckpointConfig.Of(file));
        double Half(int width, IReadOnlyList<int> blocks) => (double)Kernel * width * width * ((3.0 * blocks.Sum()) + blocks.Count - 1);
        StatedSize.Require(
            file,
            Half(config.EncoderWidth, config.EncoderBlocks) + Half(config.DecoderWidth, config.DecoderBlocks),
            $"{config.EncoderBlocks.Sum()} and {config.DecoderBlocks.Sum()} blocks of {config.EncoderWidth} and {config.DecoderWidth} channels");
        using var scope = NewDisposeScope();
        options.Checked();
        var weights = new WeightMap(file, first[..^Mark.Length], options.DType, options.Device);
        var (encoder, decoder) = (Encoder(weights, config, options.DType), Decoder(weights, config, options.DType));
        weights.RequireComplete();
        var scaling = LatentScaling.Of([config.Scale], [config.Shift], options.Residual, options.Device);
        return new(config, encoder, decoder, scaling, options.Residual) { Tensors = NetworkTensors.TakenFrom(scope) };
    }

    private static List<Func<Tensor, Tensor>> Encoder(WeightMap weights, TinyConfig c, ScalarType dtype)
    {
        var (layers, width) = (new List<Func<Tensor, Tensor>>(), c.EncoderWidth);
        string Name() => $"encoder.layers.{layers.Count}";
        for (var level = 0; level < c.EncoderBlocks.Count; level++)
        {
            layers.Add(level == 0
                ? Conv2d.Read(weights, Name(), c.Channels, width, dtype: dtype).Apply
                : Conv2d.Read(weights, Name(), width, width, stride: 2, hasBias: false, dtype: dtype).Apply);
            for (var i = 0; i < c.EncoderBlocks[level]; i++)
            {
                layers.Add(TinyBlock.Read(weights, Name(), width, c.Activation, dtype).Apply);
            }
        }

        layers.Add(Conv2d.Read(weights, Name(), width, c.LatentChannels, dtype: dtype).Apply);
        return layers;
    }

    private static List<Func<Tensor, Tensor>> Decoder(WeightMap weights, TinyConfig c, ScalarType dtype)
    {
        var (layers, width) = (new List<Func<Tensor, Tensor>>(), c.DecoderWidth);
        string Name() => $"decoder.layers.{layers.Count}";
        layers.Add(Conv2d.Read(weights, Name(), c.LatentChannels, width, dtype: dtype).Apply);
        layers.Add(x => c.Activation.Apply(x));
        for (var level = 0; level < c.DecoderBlocks.Count; level++)
        {
            for (var i = 0; i < c.DecoderBlocks[level]; i++)
            {
                layers.Add(TinyBlock.Read(weights, Name(), width, c.Activation, dtype).Apply);
            }

            var last = level == c.DecoderBlocks.Count - 1;
            if (!last)
            {
                layers.Add(x => functional.interpolate(x, scale_factor: [c.Growth, c.Growth]));
            }

            layers.Add(Conv2d.Read(weights, Name(), width, last ? c.DecodedChannels : width, hasBias: last, dtype: dtype).Apply);
        }

        return layers;
    }
}
