using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>Makes the layers of a Latte from a checkpoint.</summary>
internal static class LatteLoader
{
    private const string Mark = "adaln_single.linear.weight";

    public static LatteNetwork Load(ICheckpoint file, NetworkOptions options)
    {
        options.Checked();
        using var scope = NewDisposeScope();
        var prefix = CheckpointLayout.PrefixOf(file, Mark, "Latte");
        var c = LatteConfig.Read(CheckpointConfig.Of(file));
        StatedSize.Require(file, (double)c.Width * (c.TextWidth + ((double)c.Patch * c.Patch * (c.Channels + c.OutputChannels)) + (24.0 * c.Layers * c.Width)), $"{2 * c.Layers} blocks of width {c.Width}");
        var weights = new WeightMap(file, prefix, options.Residual, options.Device);
        var network = Read(weights, c, options);
        return network with { Tensors = NetworkTensors.TakenFrom(scope) };
    }

    private static LatteNetwork Read(WeightMap weights, LatteConfig c, NetworkOptions options)
    {
        var patches = VideoPatches.Read(weights, "pos_embed.proj", c.Width, [c.Channels, c.Patch, c.Patch], 1, c.Patch);
        var time = TimestepEmbedding.Read(weights, "adaln_single.emb.timestep_embedder.linear_1", "adaln_single.emb.timestep_embedder.linear_2", LatteConditioner.Frequencies, c.Width);
        var modulation = Linear.Read(weights, "adaln_single.linear", c.Width, LatteBlock.Parts * c.Width);
        var text = TimestepEmbedding.Read(weights, "caption_projection.linear_1", "caption_projection.linear_2", c.TextWidth, c.Width, Activation.GeluTanh);
        var (tables, outputTable) = (Tables(weights, [.. Names(c).Select(n => n.Name)], c), OutputTable(weights, c));
        LatteBlock[] blocks = [.. Names(c).Select((n, i) => LatteBlock.Read(weights, n.Name, n.IsTemporal, i * LatteBlock.Parts, c, options.DType))];
        var output = Linear.Read(weights, "proj_out", c.Width, (long)c.Patch * c.Patch * c.OutputChannels);
        weights.RequireComplete();

        // What owns tensors outside of the scope comes last.
        var conditioner = new LatteConditioner(time, modulation, text, tables, outputTable, options);
        return new(c, patches, conditioner, blocks, output, new(c, options.Residual, output.Weight.device), options.Residual);
    }

    /// <summary>Blocks in the order in which they run.</summary>
    private static IEnumerable<(string Name, bool IsTemporal)> Names(LatteConfig c) =>
        Enumerable.Range(0, c.Layers).SelectMany(i => new[] { ($"transformer_blocks.{i}", false), ($"temporal_transformer_blocks.{i}", true) });

    /// <summary>A modulated norm is norm·(1 + scale) + shift: the tables hold the 1.</summary>
    private static Tensor Tables(WeightMap weights, string[] blocks, LatteConfig c)
    {
        using var scope = NewDisposeScope();
        var tables = stack([.. blocks.Select(b => weights.Take(b + ".scale_shift_table", [LatteBlock.Parts, c.Width]))], 0);
        tables.select(1, 1).Increment();
        tables.select(1, 4).Increment();
        return tables.MoveToOuterDisposeScope();
    }

    private static Tensor OutputTable(WeightMap weights, LatteConfig c)
    {
        using var scope = NewDisposeScope();
        var table = weights.Take("scale_shift_table", [LatteConditioner.OutputParts, c.Width]).clone();
        table[1].Increment();
        return table.view(LatteConditioner.OutputParts, 1, c.Width).MoveToOuterDisposeScope();
    }
}
