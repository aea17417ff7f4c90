namespace Acceleration;

/// <summary>The two forms of GELU networks are trained with (Hendrycks and Gimpel, arXiv:1606.08415).</summary>
public enum GeluForm
{
    /// <summary>The approximation 0.5·x·(1 + tanh(√(2/π)·(x + 0.044715·x³))).</summary>
    Tanh,

    /// <summary>x·Φ(x), with the Gaussian distribution function by erf.</summary>
    Erf,
}
