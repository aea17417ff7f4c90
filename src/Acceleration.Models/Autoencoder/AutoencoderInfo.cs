using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>What must be known of an autoencoder to use it.</summary>
public sealed record AutoencoderInfo
{
    /// <summary>Name for reports.</summary>
    public required string Name { get; init; }

    /// <summary>Channels of the pictures it encodes, usually 3.</summary>
    public required int Channels { get; init; }

    /// <summary>Channels of the pictures it decodes, usually the same.</summary>
    public required int DecodedChannels { get; init; }

    /// <summary>Channels of its latents: 4, or 16 since SD3.</summary>
    public required int LatentChannels { get; init; }

    /// <summary>Pixels per latent pixel along one side, usually 8.</summary>
    public required int Factor { get; init; }

    /// <summary>Side of the pictures it was trained on; null where it does not say.</summary>
    public int? TrainedSide { get; init; }

    /// <summary>Type of what it returns.</summary>
    public ScalarType DType { get; init; } = ScalarType.Float32;

    /// <summary>Where it computes.</summary>
    public required Device Device { get; init; }

    /// <summary>A hash of the weights; null where the library does not see them.</summary>
    public string? Weights { get; init; }

    /// <summary>Refuses what native code must not meet, and brings the rest to the autoencoder's type and device.</summary>
    internal Tensor Taken(Tensor x, int channels, int leastSide, string what, string name)
    {
        if (x.ndim != 4 || x.size(0) < 1 || x.size(1) != channels || x.size(2) < leastSide || x.size(3) < leastSide || !is_floating_point(x))
        {
            throw new ArgumentException($"{Name} {what} [rows, {channels}, height, width] of a floating-point type with sides of at least {leastSide}; got {x.dtype} [{string.Join(", ", x.shape)}].", name);
        }

        return x.to(DType, Device);
    }
}
