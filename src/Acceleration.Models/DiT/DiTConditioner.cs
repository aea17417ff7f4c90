using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Acceleration.Models;

/// <summary>Time and label, and the modulation of all blocks from them in one matrix product.</summary>
/// <param name="Time">Embeds the time.</param>
/// <param name="Labels">Embeds the label.</param>
internal sealed record DiTEmbedder(TimestepEmbedding Time, Embedding Labels)
{
    public IEnumerable<Tensor> Parameters => [.. Time.Parameters, Labels.Table];

    /// <summary>Whether the other one embeds time and label equally.</summary>
    public bool EmbedsAs(DiTEmbedder other) => Parameters.Zip(other.Parameters).All(p => p.First.Equals(p.Second));
}

/// <summary>
/// What the blocks are told of time and label. Usually one embedder serves all blocks; files of the diffusers layout hold one per block, and where these differ
/// each modulates its own block.
/// </summary>
/// <param name="embedders">Each with what it modulates: the output layer's shift and scale, then six parts for every block.</param>
/// <param name="sinusoids">Encodes a time.</param>
/// <param name="dtype">Type of the embeddings.</param>
internal sealed class DiTConditioner(IReadOnlyList<(DiTEmbedder Embedder, Modulation Modulation)> embedders, Models.Sinusoids sinusoids, ScalarType dtype) : IDisposable
{
    public const int Sinusoids = 256;
    public const int OutputParts = 2;
    public const int BlockParts = 6;

    /// <summary>Labels that have an embedding, the null class included.</summary>
    public long Labels => embedders[0].Embedder.Labels.Count;

    /// <summary>Multiply-adds of one row.</summary>
    public double MultiplyAdds => embedders.Sum(e => e.Embedder.Time.MultiplyAdds + e.Modulation.MultiplyAdds);

    /// <summary>Refuses labels, int64 in host memory, that have no embedding.</summary>
    public void RequireKnown(Tensor labels) => embedders[0].Embedder.Labels.RequireKnown(labels);

    public void Dispose() => sinusoids.Dispose();

    /// <summary>The time embedding [rows, width] and all modulation [rows, parts, 1, width].</summary>
    public (Tensor Time, Tensor Modulation) Compute(Tensor timestep, Tensor labels)
    {
        using var scope = NewDisposeScope();
        var encoded = sinusoids.Apply(timestep, dtype);
        Tensor? time = null;
        var parts = new Tensor[embedders.Count];
        for (var i = 0; i < parts.Length; i++)
        {
            var (embedder, made) = embedders[i];
            var t = embedder.Time.Apply(encoded);
            time ??= t;
            using var active = functional.silu(t.Plus(embedder.Labels.Apply(labels)));
            parts[i] = made.Apply(active);
        }

        var whole = parts.Length == 1 ? parts[0] : cat(parts, 1);
        var modulation = whole.view(whole.size(0), -1, 1, time!.size(1));
        return (time.MoveToOuterDisposeScope(), modulation.MoveToOuterDisposeScope());
    }
}
