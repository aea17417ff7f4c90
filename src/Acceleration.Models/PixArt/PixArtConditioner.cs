using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Acceleration.Models;

/// <summary>Embeds height and width, and the aspect ratio.</summary>
internal sealed record PixArtSizes(TimestepEmbedding Resolution, TimestepEmbedding AspectRatio);

/// <summary>Time and sizes, and the modulation of all blocks: one layer for all, and a table for each (adaLN-single).</summary>
/// <param name="time">Embeds the time.</param>
/// <param name="sizes">Embeds the sizes, or null.</param>
/// <param name="modulation">[6 · width, width].</param>
/// <param name="blocks">[blocks, 6, width]: what each block adds to the modulation; scales have their 1 added.</param>
/// <param name="output">[2, width]: what the output adds to the embedding, to make its shift and scale.</param>
/// <param name="dtype">Type that it computes in.</param>
internal sealed class PixArtConditioner(TimestepEmbedding time, PixArtSizes? sizes, Linear modulation, Tensor blocks, Tensor output, ScalarType dtype) : IDisposable
{
    public const int BlockParts = 6;
    private const int Encoded = 256;

    private readonly Sinusoids _sinusoids = new(Encoded, device: output.device);

    /// <summary>Multiply-adds of one row.</summary>
    public double MultiplyAdds => time.MultiplyAdds + ((sizes?.Resolution.MultiplyAdds ?? 0) * 2) + (sizes?.AspectRatio.MultiplyAdds ?? 0) + modulation.MultiplyAdds;

    /// <summary>Takes it, as diffusers names it.</summary>
    public static PixArtConditioner Read(IWeightSource weights, PixArtConfig c, ScalarType dtype)
    {
        TimestepEmbedding Of(string name, long width) => TimestepEmbedding.Read(weights, $"adaln_single.emb.{name}.linear_1", $"adaln_single.emb.{name}.linear_2", Encoded, width);

        return new(
            Of("timestep_embedder", c.Width),
            c.Sized ? new(Of("resolution_embedder", c.Width / 3), Of("aspect_ratio_embedder", c.Width / 3)) : null,
            Linear.Read(weights, "adaln_single.linear", c.Width, BlockParts * c.Width),
            Tables(weights, c),
            OutputTable(weights, c),
            dtype);
    }

    /// <summary>The time embedding [rows, width], the blocks' modulation [rows, parts, 1, width], and the output's, [rows, 2, 1, width].</summary>
    /// <param name="timestep">[rows].</param>
    /// <param name="resolution">[rows, 2]; null where sizes are not embedded.</param>
    /// <param name="aspectRatio">[rows, 1]; null where sizes are not embedded.</param>
    public (Tensor Time, Tensor Blocks, Tensor Output) Compute(Tensor timestep, Tensor? resolution, Tensor? aspectRatio)
    {
        using var scope = NewDisposeScope();
        var rows = timestep.size(0);
        var embedded = time.Apply(_sinusoids.Apply(timestep, dtype));
        var sum = sizes is null ? embedded : embedded.Plus(cat(
            [
                sizes.Resolution.Apply(_sinusoids.Apply(resolution!.reshape(-1), dtype)).view(rows, -1),
                sizes.AspectRatio.Apply(_sinusoids.Apply(aspectRatio!.reshape(-1), dtype)),
            ],
            1));
        var width = sum.size(1);
        var shared = modulation.Apply(functional.silu(sum)).view(rows, 1, BlockParts, width);
        return (
            embedded.MoveToOuterDisposeScope(),
            shared.Plus(blocks).view(rows, -1, 1, width).MoveToOuterDisposeScope(),
            sum.unsqueeze(1).Plus(output).unsqueeze(2).MoveToOuterDisposeScope());
    }

    public void Dispose() => _sinusoids.Dispose();

    private static Tensor Tables(IWeightSource weights, PixArtConfig c)
    {
        using var scope = NewDisposeScope();
        var all = stack([.. Enumerable.Range(0, c.Depth).Select(i => weights.Take($"transformer_blocks.{i}.scale_shift_table", [BlockParts, c.Width]))], 0);
        all.select(1, 1).Increment();
        all.select(1, 4).Increment();
        return all.MoveToOuterDisposeScope();
    }

    private static Tensor OutputTable(IWeightSource weights, PixArtConfig c)
    {
        using var scope = NewDisposeScope();

        // What is taken may be a view of the file.
        var own = weights.Take("scale_shift_table", [2, c.Width]).clone();
        own[1].Increment();
        return own.MoveToOuterDisposeScope();
    }
}
