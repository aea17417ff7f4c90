namespace Acceleration;

/// <summary>The shapes in which the noise added per training step, β, is published.</summary>
public enum BetaSchedule
{
    /// <summary>β linear in the step (Ho et al., 2020).</summary>
    Linear,

    /// <summary>√β linear in the step (Stable Diffusion).</summary>
    ScaledLinear,

    /// <summary>Cosine ᾱ, β at most 0.999 (Nichol and Dhariwal, 2021). Has no start and end value.</summary>
    SquaredCosCapV2,

    /// <summary>ᾱ = exp(−12·u) for u in 0..1. Has no start and end value.</summary>
    Exponential,

    /// <summary>Log-SNR distributed as Laplace(0, 0.5) (Hang et al., 2024). Has no start and end value.</summary>
    Laplace,

    /// <summary>β a sigmoid over −6..6 (GeoDiff; Xu et al., 2022).</summary>
    Sigmoid,
}
