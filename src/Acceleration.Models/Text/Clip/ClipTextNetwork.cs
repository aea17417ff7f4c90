using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>The layers of a loaded CLIP text encoder.</summary>
internal sealed record ClipTextNetwork(
    ClipTextConfig Config,
    Embedding Tokens,
    Tensor Positions,
    IReadOnlyList<ClipBlock> Blocks,
    LayerNorm OutputNorm,
    Linear? Projection,
    ScalarType Residual) : IDisposable
{
    /// <summary>Its tensors.</summary>
    public NetworkTensors? Tensors { private get; init; }

    public void Dispose() => Tensors?.Dispose();
}
