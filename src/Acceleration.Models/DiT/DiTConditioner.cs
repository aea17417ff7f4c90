using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Acceleration.Models;

/// <summary>Time and label, and the modulation of all blocks from them in one matrix product.</summary>
/// <param name="Time">Embeds the time.</param>
/// <param name="Labels">Embeds the label.</param>
/// <param name="Modulation">[parts · width, width]: the output layer's shift and scale, then six parts for every block.</param>
internal sealed record DiTEmbedder(TimestepEmbedding Time, Embedding Labels, Linear Modulation)
{
    public IEnumerable<Tensor> Parameters => [.. Time.Parameters, Labels.Table, .. Modulation.Parameters];

    /// <summary>Whether the other one embeds time and label equally.</summary>
    public bool EmbedsAs(DiTEmbedder other) =>
        Labels.Table.Equals(other.Labels.Table) && Time.Parameters.Zip(other.Time.Parameters).All(p => p.First.Equals(p.Second));
}

/// <summary>
/// What the blocks are told of time and label. Usually one embedder serves all blocks; files of the diffusers layout hold one per block, and where these differ
/// each modulates its own block.
/// </summary>
internal sealed class DiTConditioner(IReadOnlyList<DiTEmbedder> embedders, Models.Sinusoids sinusoids, ScalarType dtype) : IDisposable
{
    public const int Sinusoids = 256;
    public const int OutputParts = 2;
    public const int BlockParts = 6;

    /// <summary>Labels that have an embedding, the null class included.</summary>
    public long Labels => embedders[0].Labels.Count;

    /// <summary>Multiply-adds of one row.</summary>
    public double MultiplyAdds => embedders.SelectMany(e => e.Parameters).Where(p => p.ndim == 2).Sum(p => (double)p.numel())
        - embedders.Sum(e => (double)e.Labels.Table.numel());

    /// <summary>Refuses labels, int64 in host memory, that have no embedding.</summary>
    public void RequireKnown(Tensor labels) => embedders[0].Labels.RequireKnown(labels);

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
            var t = embedders[i].Time.Apply(encoded);
            time ??= t;
            using var active = functional.silu(t.Plus(embedders[i].Labels.Apply(labels)));
            parts[i] = embedders[i].Modulation.Apply(active);
        }

        var whole = parts.Length == 1 ? parts[0] : cat(parts, 1);
        var modulation = whole.view(whole.size(0), -1, 1, time!.size(1));
        return (time.MoveToOuterDisposeScope(), modulation.MoveToOuterDisposeScope());
    }
}
