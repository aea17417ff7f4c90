using static TorchSharp.torch;

namespace Acceleration;

/// <summary>What a solver asks of the network.</summary>
/// <param name="Latents">The latents in the network's own scaling, [samples, channels, ...].</param>
/// <param name="Unscaled">The latents x in x = α·x0 + σ·ε at <paramref name="At"/>: what conversions between x0 and ε use.</param>
/// <param name="At">The noise level of this call; its <see cref="GridPoint.Time"/> is given to the network.</param>
public readonly record struct SolverInput(Tensor Latents, Tensor Unscaled, GridPoint At);
