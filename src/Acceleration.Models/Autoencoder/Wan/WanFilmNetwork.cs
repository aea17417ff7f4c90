using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>The layers of a loaded AutoencoderKLWan. Encoding takes the first frame by itself and then as many as make one latent frame, decoding one latent frame at a time.</summary>
internal sealed record WanFilmNetwork(WanFilmConfig Config, IReadOnlyList<IFilmLayer> Encoder, IReadOnlyList<IFilmLayer> Decoder, LatentScaling Scaling, ScalarType Residual) : FilmNetwork(Scaling, Residual)
{
    /// <inheritdoc/>
    public override Tensor Moments(Tensor films)
    {
        var (frames, patch) = (films.size(2), Config.Patch);

        // Shortcuts around levels fit sides only that are multiples at every level.
        var unit = Config.IsResidual ? Config.Factor : patch;
        long high = films.size(3) / unit * unit, wide = films.size(4) / unit * unit;
        return FilmParts.Run(
            films.narrow(3, 0, high).narrow(4, 0, wide),
            FilmParts.FirstAlone(frames, Config.FrameFactor),
            ((frames - 1) / Config.FrameFactor) + 1,
            (part, history) => Encoder.Through(patch == 1 ? part : Folded(part, patch), history));
    }

    /// <inheritdoc/>
    public override Tensor Films(Tensor latents) => FilmParts.Run(
        latents,
        FilmParts.FirstAlone(latents.size(2), 1),
        ((latents.size(2) - 1) * Config.FrameFactor) + 1,
        (part, history) => Unfolded(Decoder.Through(part, history), Config.Patch).Within(-1, 1));

    /// <summary>Squares of pixels become channels, columns before rows.</summary>
    private static Tensor Folded(Tensor x, long patch)
    {
        long rows = x.size(0), channels = x.size(1), frames = x.size(2), high = x.size(3) / patch, wide = x.size(4) / patch;
        return x.reshape([rows, channels, frames, high, patch, wide, patch]).permute(0, 1, 6, 4, 2, 3, 5).reshape(rows, channels * patch * patch, frames, high, wide);
    }

    /// <summary>Channels become squares of pixels.</summary>
    private static Tensor Unfolded(Tensor x, long patch)
    {
        long rows = x.size(0), channels = x.size(1) / patch / patch, frames = x.size(2), high = x.size(3), wide = x.size(4);
        return patch == 1 ? x : x.view([rows, channels, patch, patch, frames, high, wide]).permute(0, 1, 4, 5, 3, 6, 2).reshape(rows, channels, frames, high * patch, wide * patch);
    }
}
