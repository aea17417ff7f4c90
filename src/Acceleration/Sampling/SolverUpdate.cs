using static TorchSharp.torch;

namespace Acceleration;

/// <summary>x' = Mean + NoiseScale·n with n ~ N(0, I): mean and noise scale apart, so that hooks can shift the mean.</summary>
/// <param name="Mean">Deterministic part of the next latents.</param>
/// <param name="NoiseScale">Standard deviation of fresh noise (scalar or broadcastable), or null when none is drawn.</param>
/// <param name="Next">The state after this call; its latents are replaced by x' once noise is added.</param>
public readonly record struct SolverUpdate(Tensor Mean, Tensor? NoiseScale, SolverState Next);
