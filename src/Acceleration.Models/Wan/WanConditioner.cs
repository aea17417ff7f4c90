using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Acceleration.Models;

/// <summary>Time, text and image; and the modulation of all blocks: one product for all of them, to which each adds a table of its own.</summary>
/// <param name="Time">Embeds a time.</param>
/// <param name="Modulation">[6·width, width].</param>
/// <param name="Text">Projects the text.</param>
/// <param name="Image">Projects the image, or null.</param>
/// <param name="Tables">[blocks·6, 1, width]; scales have their 1 added.</param>
/// <param name="OutputTable">[2, 1, width] of the output, likewise.</param>
/// <param name="Options">Types.</param>
internal sealed record WanConditioner(
    TimestepEmbedding Time, Linear Modulation, TimestepEmbedding Text, WanImageEmbedding? Image, Tensor Tables, Tensor OutputTable, NetworkOptions Options) : IDisposable
{
    public const int OutputParts = 2;

    /// <summary>Encodes a time.</summary>
    public required Sinusoids Sinusoids { get; init; }

    /// <summary>Whether the image is read as if it were text.</summary>
    public required bool ReadsImageAsText { get; init; }

    public void Dispose() => Sinusoids.Dispose();

    /// <summary>The modulation of a call.</summary>
    /// <param name="timestep">[rows], or [rows, tokens] where tokens have times of their own.</param>
    public WanModulation Compute(Tensor timestep)
    {
        using var scope = NewDisposeScope();
        long rows = timestep.size(0), times = timestep.ndim == 1 ? 1 : timestep.size(1), width = Tables.size(2);
        var embedding = Time.Apply(Sinusoids.Apply(timestep.reshape(-1), Options.Residual));
        var common = Modulation.Apply(functional.silu(embedding)).view(rows, times, WanBlock.Parts, width);

        // With a time for each token all blocks' parts together would be several times the size of the video: each block makes its own.
        var parts = times > 1
            ? common.transpose(1, 2).contiguous()
            : common.view(rows, 1, WanBlock.Parts, width).Plus(Tables.view(1, -1, WanBlock.Parts, width)).view(rows, -1, 1, width);
        return new(embedding.view(rows, times, width).MoveToOuterDisposeScope(), parts.MoveToOuterDisposeScope(), times > 1 ? Tables : null, OutputTable);
    }

    /// <summary>What cross-attention makes keys and values of, [rows, tokens, width]: the text, and the image where it has keys of its own.</summary>
    public (Tensor Text, Tensor? Image) Project(Tensor text, Tensor? image)
    {
        using var scope = NewDisposeScope();
        var context = Text.Apply(text);
        var seen = image is null ? null : Image!.Apply(image);
        if (seen is not null && ReadsImageAsText)
        {
            (context, seen) = (cat([seen, context], 1), null);
        }

        return (context.InType(Options.DType).MoveToOuterDisposeScope(), seen?.InType(Options.DType).MoveToOuterDisposeScope());
    }
}

/// <summary>Shifts, scales and gates of one call.</summary>
/// <param name="Embedding">[rows, times, width]: of each row, or of each of its tokens.</param>
/// <param name="Parts">[rows, blocks·6, 1, width] where rows have one time, else [rows, 6, tokens, width] without the blocks' tables.</param>
/// <param name="Tables">[blocks·6, 1, width], or null where they are added already.</param>
/// <param name="OutputTable">[2, 1, width].</param>
internal sealed record WanModulation(Tensor Embedding, Tensor Parts, Tensor? Tables, Tensor OutputTable)
{
    /// <summary>A part for the rows and tokens of <paramref name="e"/>, [rows, 1 or tokens, width].</summary>
    public Tensor Part(int block, int part, Evaluation e)
    {
        var at = (block * WanBlock.Parts) + part;
        return Tables is null
            ? e.ForRows(Parts.select(1, at))
            : e.ForTokens(e.ForRows(Parts.select(1, part)), 1).Plus(Tables[at]);
    }

    /// <summary>A part of the output's.</summary>
    public Tensor OutputPart(int part) => Embedding.Plus(OutputTable[part]);
}
