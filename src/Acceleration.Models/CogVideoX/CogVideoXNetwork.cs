using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>The layers of a loaded CogVideoX.</summary>
internal sealed record CogVideoXNetwork(
    CogVideoXConfig Config,
    VideoPatches Patches,
    Linear Text,
    CogVideoXConditioner Conditioner,
    IReadOnlyList<CogVideoXBlock> Blocks,
    LayerNorm LastNorm,
    LayerNorm OutputNorm,
    int OutputAt,
    Linear Output,
    CogVideoXPositions Positions,
    ScalarType Residual) : IDisposable
{
    /// <summary>Shift and scale.</summary>
    public const int OutputParts = 2;

    public Device Device => Output.Weight.device;

    /// <summary>Its tensors.</summary>
    public NetworkTensors? Tensors { private get; init; }

    public void Dispose()
    {
        Tensors?.Dispose();
        Conditioner.Dispose();
        Positions.Dispose();
    }
}
