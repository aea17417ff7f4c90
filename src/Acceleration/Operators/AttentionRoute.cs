namespace Acceleration;

/// <summary>How <see cref="DenseAttention"/> computes.</summary>
public enum AttentionRoute
{
    /// <summary>libtorch's fused operator; never holds the scores.</summary>
    Fused,

    /// <summary>Product, softmax, product, in pieces within <see cref="DenseAttention.WorkspaceBytes"/>.</summary>
    Composed,

    /// <summary>As <see cref="Composed"/>, head by head, both products as 1×1 convolutions.</summary>
    Convolution,
}
