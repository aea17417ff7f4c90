using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>Makes the layers of a FLUX network from a checkpoint of the diffusers layout.</summary>
internal static class FluxLoader
{
    public static FluxNetwork Load(ICheckpoint file, NetworkOptions options)
    {
        options.Checked();
        using var scope = NewDisposeScope();
        var prefix = CheckpointLayout.PrefixOf(file, "x_embedder.weight", "FLUX network");
        var c = FluxConfig.Of(CheckpointConfig.Of(file));
        StatedSize.Require(file, c.Parameters, $"{c.Doubles} + {c.Singles} blocks of width {c.Width}");
        var weights = new WeightMap(file, prefix, options.Residual, options.Device);
        var modulation = new ModulationStack(c.Width);

        // The output's scale comes before its shift.
        var outputAt = modulation.Add("norm_out.linear", 2, 0);
        var doubles = Enumerable.Range(0, c.Doubles).Select(i => TwoStreamBlock.Read(weights, $"transformer_blocks.{i}", c.Width, c.Heads, modulation, options.DType)).ToArray();
        var singles = Enumerable.Range(0, c.Singles).Select(i => FluxSingleBlock.Read(weights, $"single_transformer_blocks.{i}", c, modulation, options.DType)).ToArray();
        var patches = PatchEmbedding.ReadLinear(weights, "x_embedder", c.Channels + c.Beside, FluxConfig.Patch, c.Width);
        var context = Linear.Read(weights, "context_embedder", c.TextWidth, c.Width);
        var output = Linear.Read(weights, "proj_out", c.Width, FluxConfig.Packed * c.Channels);
        var conditioner = PooledConditioner.Read(weights, c.PooledWidth, c.Width, c.Guided, modulation.Read(weights, options.DType), options.Residual);
        try
        {
            weights.RequireComplete();
        }
        catch
        {
            conditioner.Dispose();
            throw;
        }

        return new(
            c, patches, context, conditioner, doubles, singles, outputAt, output, new(c, output.Weight.device), new(c, doubles, singles, conditioner.MultiplyAdds), options.Residual)
        {
            Tensors = NetworkTensors.TakenFrom(scope),
        };
    }
}
