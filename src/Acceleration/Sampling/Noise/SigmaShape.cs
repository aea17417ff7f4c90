namespace Acceleration;

/// <summary>How noise levels are distributed between the largest and the smallest.</summary>
public enum SigmaShape
{
    /// <summary>As the timesteps have it.</summary>
    Plain,

    /// <summary>Uniform in ln σ over the whole table with one level more than there are steps (an option of Euler).</summary>
    LogLinear,

    /// <summary>Uniform in σ^(1/ρ), ρ = 7 (Karras et al., 2022, equation 5).</summary>
    Karras,

    /// <summary>Uniform in ln σ.</summary>
    Exponential,

    /// <summary>Quantiles of Beta(0.6, 0.6) (Lee et al., 2024): dense at both ends.</summary>
    Beta,

    /// <summary>Uniform in λ (Lu et al., 2022): the same numbers as <see cref="Exponential"/>.</summary>
    Lu,
}
