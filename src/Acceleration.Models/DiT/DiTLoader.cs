using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>Makes the layers of a DiT from a checkpoint of either layout.</summary>
internal static class DiTLoader
{
    private const string OriginalPatches = "x_embedder.proj";
    private const string DiffusersPatches = "pos_embed.proj";

    public static DiTNetwork Load(ICheckpoint file, NetworkOptions options)
    {
        options.Checked();
        using var scope = NewDisposeScope();
        var (prefix, original) = FindLayout(file);
        var source = CheckpointConfig.Of(file);
        var config = original ? DiTConfig.Original(source) : DiTConfig.Diffusers(source);
        RequireCredible(file, config);
        var weights = new WeightMap(file, prefix, options.Residual, options.Device);
        var network = original ? Original(weights, config, options) : Diffusers(weights, config, options);
        return network with { Tensors = NetworkTensors.TakenFrom(scope) };
    }

    private static DiTNetwork Original(WeightMap weights, DiTConfig c, NetworkOptions options)
    {
        var patches = PatchEmbedding.Read(weights, OriginalPatches, c.Channels, c.Patch, c.Width);
        var embedder = new DiTEmbedder(
            TimestepEmbedding.Read(weights, "t_embedder.mlp.0", "t_embedder.mlp.2", DiTConditioner.Sinusoids, c.Width),
            Labels(weights, "y_embedder.embedding_table", c));
        string[] names = [.. Enumerable.Range(0, c.Depth).Select(i => $"blocks.{i}.adaLN_modulation.1")];
        var modulation = Modulation(weights, c, options, "final_layer.adaLN_modulation.1", names);
        var blocks = Enumerable.Range(0, c.Depth).Select(i => DiTBlock.Original(weights, $"blocks.{i}", c, options.DType)).ToArray();
        var output = Output(weights, "final_layer.linear", c);
        var table = Stored(weights, "pos_embed", c);
        weights.RequireComplete();

        // Without a stored table the network was trained at several resolutions with shared patch centres.
        PositionRule? rule = table is null ? PositionRule.Centres : DiTPositions.IsSinCos(c, table) ? PositionRule.Corners : null;
        return Assemble(c, options, patches, [(embedder, modulation)], 0, blocks, output, rule, table);
    }

    private static DiTNetwork Diffusers(WeightMap weights, DiTConfig c, NetworkOptions options)
    {
        const string OfOutput = "proj_out_1";
        string[] norms = [.. Enumerable.Range(0, c.Depth).Select(i => $"transformer_blocks.{i}.norm1")];
        var patches = PatchEmbedding.Read(weights, DiffusersPatches, c.Channels, c.Patch, c.Width);
        DiTEmbedder[] embedders =
        [
            .. norms.Select(n => new DiTEmbedder(
                TimestepEmbedding.Read(weights, n + ".emb.timestep_embedder.linear_1", n + ".emb.timestep_embedder.linear_2", DiTConditioner.Sinusoids, c.Width),
                Labels(weights, n + ".emb.class_embedder.embedding_table", c))),
        ];

        // The published files hold equal copies; then one embedder serves all blocks.
        string[] layers = [.. norms.Select(n => n + ".linear")];
        var shared = embedders.All(e => e.EmbedsAs(embedders[0]));
        (DiTEmbedder, Modulation)[] used = shared
            ? [(embedders[0], Modulation(weights, c, options, OfOutput, layers))]
            : [.. embedders.Select((e, i) => (e, Modulation(weights, c, options, i == 0 ? OfOutput : null, layers[i])))];
        var blocks = Enumerable.Range(0, c.Depth).Select(i => DiTBlock.Diffusers(weights, $"transformer_blocks.{i}", c, options.DType)).ToArray();
        var output = Output(weights, "proj_out_2", c);
        var table = Stored(weights, "pos_embed.pos_embed", c);
        weights.RequireComplete();
        foreach (var replaced in shared ? embedders.Skip(1).SelectMany(e => e.Parameters) : [])
        {
            replaced.Dispose();
        }

        return Assemble(c, options, patches, used, 1, blocks, output, PositionRule.Corners, table);
    }

    /// <summary>Of the output, where it is told, then of some blocks.</summary>
    private static Modulation Modulation(WeightMap weights, DiTConfig c, NetworkOptions options, string? output, params string[] blocks)
    {
        var stack = new ModulationStack(c.Width);
        if (output is not null)
        {
            stack.Add(output, DiTConditioner.OutputParts, 1);
        }

        Array.ForEach(blocks, b => stack.Add(b, DiTConditioner.BlockParts, 1, 4));
        return stack.Read(weights, options.DType);
    }

    private static DiTNetwork Assemble(
        DiTConfig c, NetworkOptions options, PatchEmbedding patches, IReadOnlyList<(DiTEmbedder, Modulation)> embedders, int frequencyShift, DiTBlock[] blocks, Linear output, PositionRule? rule, Tensor? table)
    {
        var device = output.Weight.device;
        var conditioner = new DiTConditioner(embedders, new Sinusoids(DiTConditioner.Sinusoids, shift: frequencyShift, device: device), options.Residual);
        return new(
            c,
            patches,
            conditioner,
            blocks,
            output,
            new(c, rule, table, options.Residual, device),
            new(c, conditioner.MultiplyAdds, (int)(output.Weight.size(0) / (c.Patch * c.Patch))),
            options.Residual);
    }

    private static Embedding Labels(WeightMap weights, string name, DiTConfig c)
    {
        // Networks trained without dropping labels have no null class.
        var withoutNull = weights.ShapeOf(name + ".weight") is { Count: 2 } shape && shape[0] == c.Classes;
        return Embedding.Read(weights, name, withoutNull ? c.Classes : c.Classes + 1, c.Width);
    }

    private static Linear Output(WeightMap weights, string name, DiTConfig c)
    {
        var single = (long)c.Patch * c.Patch * c.Channels;
        var learned = c.LearnedVariance ?? (weights.ShapeOf(name + ".weight") is { Count: 2 } shape && shape[0] == 2 * single);
        return Linear.Read(weights, name, c.Width, learned ? 2 * single : single);
    }

    private static Tensor? Stored(WeightMap weights, string name, DiTConfig c) =>
        weights.ShapeOf(name) is null ? null : weights.Take(name, [1, (long)c.GridSide * c.GridSide, c.Width]);

    /// <summary>Sizes far beyond the file's must not be allocated only to learn that nothing fits.</summary>
    private static void RequireCredible(ICheckpoint file, DiTConfig c)
    {
        var (width, patch) = ((double)c.Width, (double)c.Patch * c.Patch * c.Channels);
        var asked = width * (patch + (patch + c.Classes) + (c.Depth * ((10 * width) + (2.0 * c.Hidden))));
        StatedSize.Require(file, asked, $"{c.Depth} blocks of width {c.Width}");
    }

    private static (string Prefix, bool Original) FindLayout(ICheckpoint file)
    {
        foreach (var name in file.Names)
        {
            foreach (var patches in new[] { OriginalPatches, DiffusersPatches })
            {
                if (name.EndsWith(patches + ".weight", StringComparison.Ordinal))
                {
                    return (name[..^(patches.Length + ".weight".Length)], patches == OriginalPatches);
                }
            }
        }

        throw new CheckpointException(
            file.FilePath, null, $"this is no DiT: among its {file.Names.Count} tensors there is neither {OriginalPatches}.weight (original names) nor {DiffusersPatches}.weight (diffusers names).");
    }
}
