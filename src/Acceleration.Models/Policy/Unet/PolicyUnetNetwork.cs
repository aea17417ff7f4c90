using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>Two residual blocks of one length.</summary>
internal readonly record struct PolicyPair(PolicyResidual First, PolicyResidual Second)
{
    public double MultiplyAdds => First.MultiplyAdds + Second.MultiplyAdds;

    public Tensor Apply(Tensor x, Tensor modulation)
    {
        using var middle = First.Apply(x, modulation);
        return Second.Apply(middle, modulation);
    }
}

/// <summary>The layers of a loaded ConditionalUnet1D.</summary>
/// <param name="Config">Sizes.</param>
/// <param name="Time">Embeds the time.</param>
/// <param name="Modulation">What the condition says to all blocks, side by side.</param>
/// <param name="Local">Encodes the local condition, or null.</param>
/// <param name="Down">The levels on the way down, the longest first.</param>
/// <param name="Halves">Between them.</param>
/// <param name="Middle">The shortest.</param>
/// <param name="Up">The levels on the way up, the shortest first.</param>
/// <param name="Doubles">After each of them.</param>
/// <param name="LastConv">The last convolution with its norm.</param>
/// <param name="Output">To actions.</param>
/// <param name="Sites">Its sites.</param>
/// <param name="Residual">Type of the stream.</param>
internal sealed record PolicyUnetNetwork(
    PolicyUnetConfig Config,
    PolicyTime Time,
    Linear Modulation,
    PolicyResidual? Local,
    IReadOnlyList<PolicyPair> Down,
    IReadOnlyList<Conv1d> Halves,
    PolicyPair Middle,
    IReadOnlyList<PolicyPair> Up,
    IReadOnlyList<Conv1d> Doubles,
    (Conv1d Conv, GroupNorm Norm) LastConv,
    Conv1d Output,
    PolicyUnetSites Sites,
    ScalarType Residual) : IDisposable
{
    public Device Device => Modulation.Weight.device;

    /// <summary>Its tensors.</summary>
    public NetworkTensors? Tensors { private get; init; }

    public void Dispose()
    {
        Tensors?.Dispose();
        Time.Dispose();
    }
}
