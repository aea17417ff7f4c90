using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>The layers of a loaded Wan.</summary>
internal sealed record WanNetwork(
    WanConfig Config,
    VideoPatches Patches,
    WanConditioner Conditioner,
    IReadOnlyList<WanBlock> Blocks,
    Linear Output,
    WanPositions Positions,
    ScalarType Residual) : IDisposable
{
    /// <summary>In front of self-attention, feed-forward parts and the output.</summary>
    public LayerNorm Norm { get; } = new(Config.Width, Config.Epsilon);

    /// <summary>Of queries and keys over all heads, without its weight.</summary>
    public RmsNorm HeadsNorm { get; } = new(Config.Epsilon);

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
