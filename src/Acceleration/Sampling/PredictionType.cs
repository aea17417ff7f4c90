namespace Acceleration;

/// <summary>What the network was trained to predict.</summary>
public enum PredictionType
{
    /// <summary>The noise ε in x = α·x0 + σ·ε.</summary>
    Epsilon,

    /// <summary>The clean sample x0.</summary>
    Sample,

    /// <summary>v = α·ε − σ·x0 (Salimans and Ho, 2022).</summary>
    Velocity,

    /// <summary>The rectified-flow velocity ε − x0 on x = (1 − σ)·x0 + σ·ε.</summary>
    Flow,

    /// <summary>F of a preconditioned network (Karras et al., 2022, equation 7): x0 = c_skip·x + c_out·F, which is −v.</summary>
    Preconditioned,
}
