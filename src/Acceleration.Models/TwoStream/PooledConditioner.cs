using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Acceleration.Models;

/// <summary>Time, pooled text and, in distilled networks, the guidance scale; and the modulation of all blocks from their sum.</summary>
/// <param name="time">Embeds the time.</param>
/// <param name="text">Embeds the pooled text.</param>
/// <param name="guidance">Embeds the guidance scale, or null.</param>
/// <param name="modulation">[parts · width, width].</param>
/// <param name="dtype">Type that it computes in.</param>
internal sealed class PooledConditioner(TimestepEmbedding time, TimestepEmbedding text, TimestepEmbedding? guidance, Modulation modulation, ScalarType dtype) : IDisposable
{
    private const int Encoded = 256;

    private readonly Sinusoids _sinusoids = new(Encoded, device: modulation.Device);

    /// <summary>Multiply-adds of one row.</summary>
    public double MultiplyAdds => time.MultiplyAdds + text.MultiplyAdds + (guidance?.MultiplyAdds ?? 0) + modulation.MultiplyAdds;

    /// <summary>Takes the embedders, as diffusers names them, and a modulation.</summary>
    public static PooledConditioner Read(IWeightSource weights, int pooled, int width, bool guided, Modulation modulation, ScalarType dtype)
    {
        TimestepEmbedding Of(string name, long inputs) => TimestepEmbedding.Read(weights, $"time_text_embed.{name}.linear_1", $"time_text_embed.{name}.linear_2", inputs, width);

        return new(Of("timestep_embedder", Encoded), Of("text_embedder", pooled), guided ? Of("guidance_embedder", Encoded) : null, modulation, dtype);
    }

    /// <summary>The time embedding [rows, width] and all modulation [rows, parts, 1, width].</summary>
    /// <param name="timestep">[rows].</param>
    /// <param name="pooled">[rows, width of the pooled text].</param>
    /// <param name="scale">[rows], as it is encoded; null where the network has none.</param>
    public (Tensor Time, Tensor Modulation) Compute(Tensor timestep, Tensor pooled, Tensor? scale)
    {
        using var scope = NewDisposeScope();
        var embedded = time.Apply(_sinusoids.Apply(timestep, dtype));
        var sum = guidance is null ? embedded : embedded.Plus(guidance.Apply(_sinusoids.Apply(scale!, dtype)));
        var parts = modulation.Apply(functional.silu(sum.Plus(text.Apply(pooled))));
        return (embedded.MoveToOuterDisposeScope(), parts.view(parts.size(0), -1, 1, embedded.size(1)).MoveToOuterDisposeScope());
    }

    public void Dispose() => _sinusoids.Dispose();
}
