using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>The layers of a loaded Stable Diffusion 3 network.</summary>
internal sealed record SD3Network(
    SD3Config Config,
    PatchEmbedding Patches,
    Linear Context,
    PooledConditioner Conditioner,
    IReadOnlyList<TwoStreamBlock> Blocks,
    int OutputAt,
    Linear Output,
    SD3Positions Positions,
    SD3Sites Sites,
    ScalarType Residual) : IDisposable
{
    private const double Epsilon = 1e-6;

    public LayerNorm Norm { get; } = new(Config.Width, Epsilon);

    public Device Device => Output.Weight.device;

    /// <summary>Its tensors.</summary>
    public NetworkTensors? Tensors { private get; init; }

    /// <summary>A block in a call.</summary>
    public TwoStreamCall Call(int index, Tensor modulation) => new(Blocks[index], Sites.Blocks[index], Norm, Config.Heads, TextPlace.After, Residual, modulation, null);

    public void Dispose()
    {
        Tensors?.Dispose();
        Conditioner.Dispose();
        Positions.Dispose();
    }
}
