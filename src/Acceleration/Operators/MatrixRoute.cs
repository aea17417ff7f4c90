namespace Acceleration;

/// <summary>How <see cref="MatrixProduct"/> computes.</summary>
public enum MatrixRoute
{
    /// <summary>libtorch's linear layer.</summary>
    Linear,

    /// <summary>A 1×1 convolution over the same memory, which on some CPUs uses wider vector instructions in float32.</summary>
    Convolution,
}
