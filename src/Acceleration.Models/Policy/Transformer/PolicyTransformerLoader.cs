using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>Makes the layers of a TransformerForDiffusion from a checkpoint.</summary>
internal static class PolicyTransformerLoader
{
    private const string Mark = "input_emb.weight";

    public static PolicyTransformerNetwork Load(ICheckpoint file, NetworkOptions options)
    {
        options.Checked();
        var first = file.Names.FirstOrDefault(n => n.EndsWith(Mark, StringComparison.Ordinal))
            ?? throw new CheckpointException(file.FilePath, null, $"this is no TransformerForDiffusion: among its {file.Names.Count} tensors there is no {Mark}.");
        var c = PolicyTransformerConfig.Of(CheckpointConfig.Of(file));
        double Layer(int depth, int parts) => (double)depth * parts * c.Width * c.Width;
        StatedSize.Require(
            file,
            Layer(c.Depth, c.TimeIsToken ? 12 : 16) + Layer(c.TimeIsToken ? 0 : c.MemoryDepth, 12) + ((double)c.Width * (c.Positions + c.MemoryPositions + c.ActionSize + c.ObservationSize)),
            $"{c.Depth} blocks of width {c.Width} for {c.Horizon} actions of {c.ActionSize} numbers");
        using var scope = NewDisposeScope();
        var weights = new WeightMap(file, first[..^Mark.Length], options.Residual, options.Device);
        var sinusoids = new Sinusoids(c.Width, cosinesFirst: false, shift: 1, device: options.Device);
        try
        {
            var network = Read(weights, c, options, sinusoids);
            TakeBuffers(weights, c);
            weights.RequireComplete();
            return network with { Tensors = NetworkTensors.TakenFrom(scope) };
        }
        catch
        {
            sinusoids.Dispose();
            throw;
        }
    }

    private static PolicyTransformerNetwork Read(WeightMap weights, PolicyTransformerConfig c, NetworkOptions options, Sinusoids sinusoids)
    {
        var blocks = new List<PolicyBlock>();
        var keyValues = new List<Linear>();
        for (var i = 0; i < c.Depth; i++)
        {
            blocks.Add(PolicyBlock.Read(weights, $"{(c.TimeIsToken ? "encoder" : "decoder")}.layers.{i}", c, options.DType, !c.TimeIsToken, out var keyValue));
            keyValues.AddRange(keyValue is null ? [] : [keyValue]);
        }

        var memory = c.TimeIsToken ? null : Memory(weights, c, options, keyValues);
        return new(
            c,
            Linear.Read(weights, "input_emb", c.ActionSize, c.Width),
            weights.Take("pos_emb", [1, c.Positions, c.Width]),
            sinusoids,
            memory,
            blocks,
            c.Causal ? Mask(c.Positions, c.Positions, 0, options) : null,
            c.Causal && c.ObservationSize > 0 ? Mask(c.Positions, c.MemoryPositions, 1, options) : null,
            LayerNorm.Read(weights, "ln_f", c.Width, PolicyBlock.Epsilon),
            Linear.Read(weights, "head", c.Width, c.ActionSize),
            new(c, memory?.CostOf(c.CertainPositions, c.ObservationsVary) ?? default),
            options.Residual);
    }

    private static PolicyMemory Memory(WeightMap weights, PolicyTransformerConfig c, NetworkOptions options, List<Linear> keyValues)
    {
        var all = Linear.Stack(keyValues);
        foreach (var replaced in keyValues.SelectMany(k => k.Parameters))
        {
            replaced.Dispose();
        }

        var small = c.MemoryDepth == 0;
        return new(
            c.ObservationSize > 0 ? Linear.Read(weights, "cond_obs_emb", c.ObservationSize, c.Width) : null,
            weights.Take("cond_pos_emb", [1, c.MemoryPositions, c.Width]),
            [.. Enumerable.Range(0, c.MemoryDepth).Select(i => PolicyBlock.Read(weights, $"encoder.layers.{i}", c, options.DType, crosses: false, out _))],
            small ? Linear.Read(weights, "encoder.0", c.Width, c.Hidden) : null,
            small ? Linear.Read(weights, "encoder.2", c.Hidden, c.Width) : null,
            all,
            c.Heads,
            options.Residual);
    }

    /// <summary>0 where key ≤ query + ahead, else −∞. An observation is seen by the action of its moment and later ones; the time comes before all observations.</summary>
    private static Tensor Mask(int queries, int keys, int ahead, NetworkOptions options)
    {
        using var scope = NewDisposeScope();
        var (query, key) = (KeptScalars.Range(queries, ScalarType.Int64, options.Device).unsqueeze(1), KeptScalars.Range(keys, ScalarType.Int64, options.Device));
        return zeros([queries, keys], options.DType, options.Device).With(key.gt(query.Plus((long)ahead)), double.NegativeInfinity).MoveToOuterDisposeScope();
    }

    /// <summary>Files of whole training states hold the masks and an empty parameter too.</summary>
    private static void TakeBuffers(WeightMap weights, PolicyTransformerConfig c)
    {
        (string Name, long[] Shape)[] buffers = [("mask", [c.Positions, c.Positions]), ("memory_mask", [c.Positions, c.MemoryPositions]), ("_dummy_variable", [0])];
        foreach (var (name, shape) in buffers.Where(b => weights.ShapeOf(b.Name) is not null))
        {
            weights.Take(name, shape).Dispose();
        }
    }
}
