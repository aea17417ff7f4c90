namespace Acceleration;

/// <summary>How <see cref="LinearGelu"/> computes.</summary>
public enum LinearGeluRoute
{
    /// <summary><see cref="MatrixProduct"/>, then <see cref="Gelu"/>.</summary>
    Separate,

    /// <summary>One operator of oneDNN: the activation is applied before the product leaves the registers, and in half precision before it is rounded.</summary>
    Fused,
}
