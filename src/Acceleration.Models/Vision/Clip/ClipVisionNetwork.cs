using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>The layers of a loaded CLIP image encoder.</summary>
/// <param name="Config">Sizes.</param>
/// <param name="Whole">[width]: the token that stands for the whole picture.</param>
/// <param name="Patches">Embeds patches.</param>
/// <param name="Positions">[tokens, width].</param>
/// <param name="InputNorm">Before the first block.</param>
/// <param name="Blocks">The blocks.</param>
/// <param name="OutputNorm">Of the state of the whole.</param>
/// <param name="Projection">Behind that, or null.</param>
internal sealed record ClipVisionNetwork(
    ClipVisionConfig Config,
    Tensor Whole,
    PatchEmbedding Patches,
    Tensor Positions,
    LayerNorm InputNorm,
    IReadOnlyList<ClipBlock> Blocks,
    LayerNorm OutputNorm,
    Linear? Projection) : IDisposable
{
    /// <summary>Its tensors.</summary>
    public NetworkTensors? Tensors { private get; init; }

    public void Dispose() => Tensors?.Dispose();

    /// <summary>[rows, tokens, width] behind the first <paramref name="layers"/> blocks.</summary>
    public Tensor States(Tensor pictures, int layers)
    {
        using var scope = NewDisposeScope();
        var whole = Whole.expand(pictures.size(0), 1, Config.Sizes.Width);
        var states = InputNorm.Apply(cat([whole, Patches.Apply(pictures)], 1).Plus(Positions));
        for (var i = 0; i < layers; i++)
        {
            states = Blocks[i].Apply(states);
        }

        return states.MoveToOuterDisposeScope();
    }

    /// <summary>[rows, width], of the states behind the last block.</summary>
    public Tensor Pooled(Tensor states)
    {
        using var scope = NewDisposeScope();
        var whole = OutputNorm.Apply(states.select(1, 0));
        return (Projection?.Apply(whole).InType(states.dtype) ?? whole).MoveToOuterDisposeScope();
    }
}
