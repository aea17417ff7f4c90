namespace Acceleration.Models;

/// <summary>Nonlinear functions by the names that configurations use.</summary>
public enum Activation
{
    /// <summary>x·sigmoid(x): <c>silu</c>, <c>swish</c>.</summary>
    Silu,

    /// <summary>x·Φ(x), exactly: <c>gelu</c>.</summary>
    Gelu,

    /// <summary>GELU with the tanh approximation: <c>gelu_new</c>, <c>gelu-approximate</c>, <c>gelu_pytorch_tanh</c>.</summary>
    GeluTanh,

    /// <summary>x·sigmoid(1.702·x): <c>quick_gelu</c>.</summary>
    QuickGelu,

    /// <summary>max(x, 0): <c>relu</c>.</summary>
    Relu,

    /// <summary>x·tanh(softplus(x)): <c>mish</c>.</summary>
    Mish,
}
