namespace Acceleration;

/// <summary>How <see cref="Gelu"/> computes its tanh form.</summary>
public enum GeluRoute
{
    /// <summary>libtorch's operator.</summary>
    Native,

    /// <summary>The identity 0.5·(1 + tanh u) = sigmoid(2u), with a polynomial and a sigmoid in place on one new tensor.</summary>
    Sigmoid,
}
