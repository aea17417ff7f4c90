namespace Acceleration;

/// <summary>What a network is told about the noise level of its latents: the meaning of <see cref="GridPoint.Time"/>. Told another, it returns numbers that look like a prediction.</summary>
public enum NetworkClock
{
    /// <summary>The training step t, 0..T − 1, possibly fractional.</summary>
    TrainingStep,

    /// <summary>σ·T of a rectified flow, T to 0.</summary>
    Flow,

    /// <summary>¼·ln σ, c_noise of Karras et al. (2022).</summary>
    LogSigma,

    /// <summary>2/π·atan2(σ, α), 1 to 0 (Dance Diffusion).</summary>
    Angle,
}
