using System.Collections.Immutable;
using static TorchSharp.torch;

namespace Acceleration;

/// <summary>What a solver carries from call to call. The session owns the tensors.</summary>
/// <param name="Latents">Current latents, [samples, channels, ...].</param>
/// <param name="History">Earlier converted outputs or derivatives, newest first; empty at the start of every stage.</param>
public readonly record struct SolverState(Tensor Latents, ImmutableArray<Tensor> History)
{
    /// <summary>The state at the start of a stage.</summary>
    public static SolverState Start(Tensor latents) => new(latents, []);
}
