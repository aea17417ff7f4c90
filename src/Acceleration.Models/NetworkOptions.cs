using TorchSharp;
using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>How a network is loaded, and how it computes.</summary>
public sealed record NetworkOptions
{
    private readonly ScalarType _dtype = ScalarType.Float32;

    /// <summary>
    /// Type of the products, convolutions and attention inside the blocks: Float32; BFloat16 or, on devices other than the CPU, Float16, which keep the residual stream, norms, modulation and
    /// embeddings in float32 (the weights that make a modulation are of this type in FLUX, Stable Diffusion 3, CogVideoX and DiT; relative error about 1e-3 per forward pass); or Float64, in which everything is computed, for tests of accuracy.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Another type.</exception>
    public ScalarType DType
    {
        get => _dtype;
        init => _dtype = value is ScalarType.Float32 or ScalarType.BFloat16 or ScalarType.Float16 or ScalarType.Float64
            ? value
            : throw new ArgumentOutOfRangeException(nameof(DType), value, "Networks compute in Float32, BFloat16, Float16 or Float64.");
    }

    /// <summary>Where it computes; null for the CPU.</summary>
    public Device? Device { get; init; }

    /// <summary>
    /// What the network was trained to predict, where its file cannot tell: a UNet's weights are the same for noise and for velocity, and the scheduler's configuration beside them says which. Null for what is usual in
    /// the family.
    /// </summary>
    public PredictionType? Prediction { get; init; }

    /// <summary>The training noise schedule, where its file cannot tell; null for what is usual in the family.</summary>
    public NoiseTable? Noise { get; init; }

    /// <summary>Type of the residual stream.</summary>
    internal ScalarType Residual => DType == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32;

    /// <summary>Refuses what no device computes.</summary>
    /// <exception cref="ArgumentException">Float16 on the CPU.</exception>
    internal NetworkOptions Checked() => DType == ScalarType.Float16 && (Device?.type ?? DeviceType.CPU) == DeviceType.CPU
        ? throw new ArgumentException("Float16 is for GPUs: on the CPU it is slower than Float32 and overflows. Use BFloat16 or Float32 there.")
        : this;
}
