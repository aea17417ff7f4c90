using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>How a <see cref="DiT"/> computes.</summary>
public sealed record DiTOptions
{
    private readonly ScalarType _dtype = ScalarType.Float32;

    /// <summary>
    /// Type of the products and attention inside the blocks: Float32; BFloat16, which keeps the residual stream, norms, modulation and embeddings in float32
    /// (relative error about 5e-4 per forward pass); or Float64, in which everything is computed, for tests of accuracy.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Another type.</exception>
    public ScalarType DType
    {
        get => _dtype;
        init => _dtype = value is ScalarType.Float32 or ScalarType.BFloat16 or ScalarType.Float64
            ? value
            : throw new ArgumentOutOfRangeException(nameof(DType), value, "A DiT computes in Float32, BFloat16 or Float64.");
    }

    /// <summary>Where it computes; null for the CPU.</summary>
    public Device? Device { get; init; }

    /// <summary>Type of the residual stream.</summary>
    internal ScalarType Residual => DType == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32;
}
