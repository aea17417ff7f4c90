using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>Makes the layers of a Stable Diffusion 3 network from a checkpoint of the diffusers layout.</summary>
internal static class SD3Loader
{
    public static SD3Network Load(ICheckpoint file, NetworkOptions options)
    {
        options.Checked();
        using var scope = NewDisposeScope();
        var prefix = CheckpointLayout.PrefixOf(file, "pos_embed.proj.weight", "Stable Diffusion 3 network");
        var c = SD3Config.Of(CheckpointConfig.Of(file));
        StatedSize.Require(file, c.Parameters, $"{c.Depth} blocks of width {c.Width} and a table of {c.TableSide} × {c.TableSide} positions");
        var weights = new WeightMap(file, prefix, options.Residual, options.Device);
        var modulation = new ModulationStack(c.Width);

        // The output's scale comes before its shift.
        var outputAt = modulation.Add("norm_out.linear", 2, 0);
        var blocks = Enumerable.Range(0, c.Depth).Select(i => TwoStreamBlock.Read(
            weights, $"transformer_blocks.{i}", c.Width, c.Heads, modulation, options.DType, c.Normed, c.Dual.Contains(i), textEnds: i == c.Depth - 1)).ToArray();
        var patches = PatchEmbedding.Read(weights, "pos_embed.proj", c.Channels + c.Beside, c.Patch, c.Width);
        var table = weights.Take("pos_embed.pos_embed", [1, (long)c.TableSide * c.TableSide, c.Width]);
        var context = Linear.Read(weights, "context_embedder", c.TextWidth, c.Width);
        var output = Linear.Read(weights, "proj_out", c.Width, (long)c.Patch * c.Patch * c.Channels);
        var conditioner = PooledConditioner.Read(weights, c.PooledWidth, c.Width, guided: false, modulation.Read(weights, options.DType), options.Residual);
        try
        {
            weights.RequireComplete();
        }
        catch
        {
            conditioner.Dispose();
            throw;
        }

        return new(c, patches, context, conditioner, blocks, outputAt, output, new(table, c.TableSide), new(c, blocks, conditioner.MultiplyAdds), options.Residual)
        {
            Tensors = NetworkTensors.TakenFrom(scope),
        };
    }
}
