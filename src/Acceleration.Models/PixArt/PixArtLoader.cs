using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>Makes the layers of a PixArt network from a checkpoint of the diffusers layout.</summary>
internal static class PixArtLoader
{
    private const string OutputName = "proj_out";
    private const string PositionsName = "pos_embed.pos_embed";

    public static PixArtNetwork Load(ICheckpoint file, NetworkOptions options)
    {
        options.Checked();
        using var scope = NewDisposeScope();
        var prefix = CheckpointLayout.PrefixOf(file, "adaln_single.linear.weight", "PixArt network");
        var c = PixArtConfig.Of(CheckpointConfig.Of(file));
        StatedSize.Require(file, c.Parameters, $"{c.Depth} blocks of width {c.Width}");
        var weights = new WeightMap(file, prefix, options.Residual, options.Device);
        var patches = PatchEmbedding.Read(weights, "pos_embed.proj", c.Channels, c.Patch, c.Width);
        var captionIn = c.CaptionWidth is { } caption ? Linear.Read(weights, "caption_projection.linear_1", caption, c.Width) : null;
        var captionOut = c.CaptionWidth is null ? null : Linear.Read(weights, "caption_projection.linear_2", c.Width, c.Width);
        var blocks = Enumerable.Range(0, c.Depth).Select(i => PixArtBlock.Read(weights, $"transformer_blocks.{i}", c, options.DType)).ToArray();
        var outputs = c.Outputs ?? (weights.ShapeOf(OutputName + ".weight") is { Count: 2 } shape && shape[0] == (long)c.Patch * c.Patch * c.Channels ? c.Channels : 2 * c.Channels);
        var output = Linear.Read(weights, OutputName, c.Width, (long)c.Patch * c.Patch * outputs);
        if (weights.ShapeOf(PositionsName) is not null)
        {
            // Early files hold the table of the trained size, which is computed here.
            using var table = weights.Take(PositionsName, [1, (long)c.GridSide * c.GridSide, c.Width]);
        }

        var conditioner = PixArtConditioner.Read(weights, c, options.Residual);
        try
        {
            weights.RequireComplete();
        }
        catch
        {
            conditioner.Dispose();
            throw;
        }

        var captionCost = (captionIn?.MultiplyAdds ?? 0) + (captionOut?.MultiplyAdds ?? 0);
        return new(
            c,
            patches,
            captionIn,
            captionOut,
            conditioner,
            blocks,
            output,
            new(c, options.Residual, output.Weight.device),
            new(c, conditioner.MultiplyAdds, captionCost, outputs),
            options.DType,
            options.Residual)
        {
            Tensors = NetworkTensors.TakenFrom(scope),
        };
    }
}
