using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>Makes the layers of a Wan from a checkpoint.</summary>
internal static class WanLoader
{
    private const string Mark = "condition_embedder.time_proj.weight";
    private const string Conditions = "condition_embedder";

    public static WanNetwork Load(ICheckpoint file, NetworkOptions options)
    {
        options.Checked();
        using var scope = NewDisposeScope();
        var prefix = CheckpointLayout.PrefixOf(file, Mark, "Wan");
        var c = WanConfig.Read(CheckpointConfig.Of(file));
        double width = c.Width, patch = (double)c.Patch * c.Patch * c.FramePatch;
        StatedSize.Require(
            file, (width * (c.TextWidth + c.Frequencies + (patch * ((2.0 * c.Channels) + c.ChannelsBeside)))) + (c.Blocks * ((8 * width * width) + (2 * width * c.Hidden))) + ((c.ImageTokens ?? 0.0) * (c.ImageWidth ?? 0)), $"{c.Blocks} blocks of width {c.Width}");
        var weights = new WeightMap(file, prefix, options.Residual, options.Device);
        var network = Read(weights, c, options);
        return network with { Tensors = NetworkTensors.TakenFrom(scope) };
    }

    private static WanNetwork Read(WeightMap weights, WanConfig c, NetworkOptions options)
    {
        var patches = VideoPatches.Read(weights, "patch_embedding", c.Width, [c.Channels + c.ChannelsBeside, c.FramePatch, c.Patch, c.Patch], c.FramePatch, c.Patch);
        var time = TimestepEmbedding.Read(weights, Conditions + ".time_embedder.linear_1", Conditions + ".time_embedder.linear_2", c.Frequencies, c.Width);
        var modulation = Linear.Read(weights, Conditions + ".time_proj", c.Width, WanBlock.Parts * c.Width);
        var text = TimestepEmbedding.Read(weights, Conditions + ".text_embedder.linear_1", Conditions + ".text_embedder.linear_2", c.TextWidth, c.Width, Activation.GeluTanh);
        var image = c.ImageWidth is { } wide ? WanImageEmbedding.Read(weights, Conditions + ".image_embedder", wide, c) : null;
        var tables = Tables(weights, [.. Enumerable.Range(0, c.Blocks).Select(i => $"blocks.{i}.scale_shift_table")], WanBlock.Parts, c, 1, 4);
        var outputTable = Tables(weights, ["scale_shift_table"], WanConditioner.OutputParts, c, 1);
        WanBlock[] blocks = [.. Enumerable.Range(0, c.Blocks).Select(i => WanBlock.Read(weights, $"blocks.{i}", c, options.DType))];
        var output = Linear.Read(weights, "proj_out", c.Width, (long)c.Patch * c.Patch * c.FramePatch * c.Channels);
        weights.RequireComplete();

        // What owns tensors outside of the scope comes last.
        var conditioner = new WanConditioner(time, modulation, text, image, tables, outputTable, options)
        {
            Sinusoids = new(c.Frequencies, device: patches.Device),
            ReadsImageAsText = !c.HasImageKeys,
        };
        return new(c, patches, conditioner, blocks, output, new(c, options.Residual, patches.Device), options.Residual);
    }

    /// <summary>A modulated norm is norm·(1 + scale) + shift: the tables hold the 1.</summary>
    private static Tensor Tables(WeightMap weights, string[] names, int parts, WanConfig c, params ReadOnlySpan<int> scales)
    {
        using var scope = NewDisposeScope();
        var tables = cat([.. names.Select(n => weights.Take(n, [1, parts, c.Width]))], 0).clone();
        foreach (var scale in scales)
        {
            tables.select(1, scale).Increment();
        }

        return tables.view((long)names.Length * parts, 1, c.Width).MoveToOuterDisposeScope();
    }
}
