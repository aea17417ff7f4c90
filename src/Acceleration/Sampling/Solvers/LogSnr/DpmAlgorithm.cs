namespace Acceleration;

/// <summary>Which quantity DPM-Solver takes for a polynomial in λ, and whether it solves the ODE or the SDE.</summary>
public enum DpmAlgorithm
{
    /// <summary>x0, the ODE (Lu et al., 2022b): stable under guidance.</summary>
    [TagWord("pp")]
    PlusPlus,

    /// <summary>ε, the ODE (Lu et al., 2022a). Not for schedules that begin with almost no signal: errors grow by the ratio of α.</summary>
    [TagWord("eps")]
    Noise,

    /// <summary>x0, the SDE: draws noise in each step.</summary>
    [TagWord("sde")]
    StochasticPlusPlus,

    /// <summary>ε, the SDE; order 2 at most.</summary>
    [TagWord("epsde")]
    StochasticNoise,
}
