using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>
/// The layers of a loaded AutoencoderKLCogVideoX. It was trained on parts of eight frames and of two latent frames; norms see a whole part, and parts of an odd number of frames are taken otherwise than those of an even one, so
/// that other parts would give another film.
/// </summary>
internal sealed record CogFilmNetwork(CogFilmConfig Config, CogFilmHalf Encoder, CogFilmHalf Decoder, LatentScaling Scaling, ScalarType Residual) : FilmNetwork(Scaling, Residual)
{
    private const int FramesOfPart = 8;
    private const int LatentFramesOfPart = 2;

    /// <inheritdoc/>
    public override Tensor Moments(Tensor films) => FilmParts.Run(
        films,
        FilmParts.RestFirst(films.size(2), FramesOfPart),
        ((films.size(2) - 1) / Config.FrameFactor) + 1,
        (part, history) => Encoder.Apply(part, null, history));

    /// <inheritdoc/>
    public override Tensor Films(Tensor latents)
    {
        var frames = latents.size(2);
        return FilmParts.Run(
            latents,
            FilmParts.RestFirst(frames, LatentFramesOfPart),
            frames % 2 == 0 ? frames * Config.FrameFactor : ((frames - 1) * Config.FrameFactor) + 1,
            (part, history) => Decoder.Apply(part, part, history));
    }
}
