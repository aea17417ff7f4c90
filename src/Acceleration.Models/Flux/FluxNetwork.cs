using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>The layers of a loaded FLUX network.</summary>
internal sealed record FluxNetwork(
    FluxConfig Config,
    PatchEmbedding Patches,
    Linear Context,
    PooledConditioner Conditioner,
    IReadOnlyList<TwoStreamBlock> Doubles,
    IReadOnlyList<FluxSingleBlock> Singles,
    int OutputAt,
    Linear Output,
    FluxTurns Turns,
    FluxSites Sites,
    ScalarType Residual) : IDisposable
{
    private const double Epsilon = 1e-6;

    public LayerNorm Norm { get; } = new(Config.Width, Epsilon);

    public Device Device => Output.Weight.device;

    /// <summary>Its tensors.</summary>
    public NetworkTensors? Tensors { private get; init; }

    public void Dispose()
    {
        Tensors?.Dispose();
        Conditioner.Dispose();
        Turns.Dispose();
    }
}
