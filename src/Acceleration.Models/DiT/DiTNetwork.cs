using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>The layers of a loaded DiT.</summary>
internal sealed record DiTNetwork(
    DiTConfig Config,
    PatchEmbedding Patches,
    DiTConditioner Conditioner,
    IReadOnlyList<DiTBlock> Blocks,
    Linear Output,
    DiTPositions Positions,
    DiTSites Sites,
    ScalarType Residual) : IDisposable
{
    private const double Epsilon = 1e-6;

    public LayerNorm AttentionNorm { get; } = new(Config.Width, Epsilon);

    public LayerNorm FeedForwardNorm { get; } = new(Config.Width, Config.FeedForwardEpsilon);

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
