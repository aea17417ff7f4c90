using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Acceleration.Models;

/// <summary>Time and, in networks that continue an image, how strongly it was noised; and the modulation of all blocks from them in one matrix product.</summary>
/// <param name="time">Embeds the time.</param>
/// <param name="offset">Embeds the noise of the first frame, or null.</param>
/// <param name="modulation">[parts·width, time width]; scales have their 1 added.</param>
/// <param name="config">Sizes.</param>
/// <param name="dtype">Type that it computes in.</param>
internal sealed class CogVideoXConditioner(TimestepEmbedding time, TimestepEmbedding? offset, Modulation modulation, CogVideoXConfig config, ScalarType dtype) : IDisposable
{
    private readonly Sinusoids _times = new(config.Width, config.CosinesFirst, config.FrequencyShift, modulation.Device);
    private readonly Sinusoids? _offsets = offset is null ? null : new(config.TimeWidth, config.CosinesFirst, config.FrequencyShift, modulation.Device);

    /// <summary>Multiply-adds of one row.</summary>
    public double MultiplyAdds => time.MultiplyAdds + (offset?.MultiplyAdds ?? 0) + modulation.MultiplyAdds;

    /// <summary>The time embedding [rows, time width] and all modulation [rows, parts, 1, width].</summary>
    /// <param name="timestep">[rows].</param>
    /// <param name="noised">[rows], or null in networks that do not ask.</param>
    public (Tensor Time, Tensor Modulation) Compute(Tensor timestep, Tensor? noised)
    {
        using var scope = NewDisposeScope();
        var embedding = time.Apply(_times.Apply(timestep, dtype));
        if (offset is not null)
        {
            embedding = embedding.Plus(offset.Apply(_offsets!.Apply(noised!, dtype)));
        }

        var whole = modulation.Apply(functional.silu(embedding)).view(timestep.size(0), -1, 1, config.Width);
        return (embedding.MoveToOuterDisposeScope(), whole.MoveToOuterDisposeScope());
    }

    public void Dispose()
    {
        _times.Dispose();
        _offsets?.Dispose();
    }
}
