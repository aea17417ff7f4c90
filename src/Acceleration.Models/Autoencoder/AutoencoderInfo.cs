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

    /// <summary>Whether it takes films, [rows, channels, frames, height, width], instead of pictures.</summary>
    public bool TakesFilms { get; init; }

    /// <summary>Frames per latent frame, apart from the first latent frame, which stands for one: 4 in Wan and CogVideoX.</summary>
    public int FrameFactor { get; init; } = 1;

    /// <summary>Whether in films of an even number of latent frames each of them stands for <see cref="FrameFactor"/> frames, the first included: CogVideoX, which decodes them in pairs.</summary>
    public bool PairsLatentFrames { get; init; }

    /// <summary>What latents of a picture that a network continues are multiplied with, after those of films: 1 but in CogVideoX 1.5.</summary>
    public double ContinuedScale { get; init; } = 1;

    /// <summary>Side of the pictures it was trained on; null where it does not say.</summary>
    public int? TrainedSide { get; init; }

    /// <summary>Type of what it returns.</summary>
    public ScalarType DType { get; init; } = ScalarType.Float32;

    /// <summary>Where it computes.</summary>
    public required Device Device { get; init; }

    /// <summary>A hash of the weights; null where the library does not see them.</summary>
    public string? Weights { get; init; }

    /// <summary>Frames of the film that latents are decoded to.</summary>
    /// <param name="latentFrames">Frames of the latents, at least 1.</param>
    public long DecodedFrames(long latentFrames) => PairsLatentFrames && latentFrames % 2 == 0 ? latentFrames * FrameFactor : ((latentFrames - 1) * FrameFactor) + 1;

    /// <summary>Frames of the latents of a film.</summary>
    /// <param name="frames">Frames of the film, at least 1.</param>
    public long LatentFrames(long frames) => ((frames - 1) / FrameFactor) + 1;

    /// <summary>Refuses what native code must not meet, and brings the rest to the autoencoder's type and device.</summary>
    internal Tensor Taken(Tensor x, int channels, int leastSide, string what, string name)
    {
        var rank = TakesFilms ? 5 : 4;
        if (x.ndim != rank || x.size(0) < 1 || x.size(1) != channels || x.size(2) < 1 || x.size(rank - 2) < leastSide || x.size(rank - 1) < leastSide || !is_floating_point(x))
        {
            throw new ArgumentException($"{Name} {what} [rows, {channels}, {(TakesFilms ? "frames, " : "")}height, width] of a floating-point type with sides of at least {leastSide}; got {x.dtype} [{string.Join(", ", x.shape)}].", name);
        }

        return x.to(DType, Device);
    }
}
