using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>The layers of a loaded Latte.</summary>
internal sealed record LatteNetwork(
    LatteConfig Config,
    VideoPatches Patches,
    LatteConditioner Conditioner,
    IReadOnlyList<LatteBlock> Blocks,
    Linear Output,
    LattePositions Positions,
    ScalarType Residual) : IDisposable
{
    private const double Epsilon = 1e-6;

    public LayerNorm OutputNorm { get; } = new(Config.Width, Epsilon);

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
