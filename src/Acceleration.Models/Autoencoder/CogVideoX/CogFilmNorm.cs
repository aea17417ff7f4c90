using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Acceleration.Models;

/// <summary>A group norm over all frames of a part; in the decoder its scale and shift depend on the latents of each place (Zheng et al., "MoVQ", arXiv:2209.09002).</summary>
/// <param name="Norm">The group norm.</param>
/// <param name="Modulation">From latents to scales and shifts; null in the encoder.</param>
internal sealed record CogFilmNorm(GroupNorm Norm, FilmConv? Modulation)
{
    private const double Epsilon = 1e-6;

    /// <summary>Takes a norm of the encoder.</summary>
    public static CogFilmNorm Read(IWeightSource weights, string name, int channels, CogFilmConfig c, double epsilon = Epsilon) => new(GroupNorm.Read(weights, name, channels, c.Groups, epsilon), null);

    /// <summary>Takes a norm of the decoder.</summary>
    public static CogFilmNorm ReadModulated(IWeightSource weights, string name, int channels, CogFilmConfig c, NetworkOptions options) => new(
        GroupNorm.Read(weights, name + ".norm_layer", channels, c.Groups, Epsilon),
        FilmConv.PixelStack(weights, [name + ".conv_y.conv", name + ".conv_b.conv"], c.LatentChannels, channels, options));

    /// <param name="x">[rows, channels, frames, height, width].</param>
    /// <param name="latents">[rows, latent channels, latent frames, height/n, width/n] of the same part; null in the encoder.</param>
    /// <param name="history">Of the film.</param>
    /// <returns>A new tensor.</returns>
    public Tensor Apply(Tensor x, Tensor? latents, FilmHistory history)
    {
        using var scope = NewDisposeScope();
        var y = Norm.Apply(x);
        if (Modulation is not null)
        {
            // A product for each pixel is the same for all pixels that repeat a latent one, so it is made before the repetition.
            var parts = Modulation.Apply(latents!, history);
            var (channels, frames, latentFrames) = (y.size(1), y.size(2), parts.size(2));
            var alone = frames > 1 && frames % 2 == 1 ? 1 : 0;
            if (alone == 1)
            {
                Modulate(y.narrow(2, 0, 1), parts.narrow(2, 0, 1), channels);
            }

            Modulate(y.narrow(2, alone, frames - alone), parts.narrow(2, alone, latentFrames - alone), channels);
        }

        return y.MoveToOuterDisposeScope();
    }

    /// <summary>Changes frames in place. Scales and shifts are repeated along rows of pixels only; elsewhere they are read again.</summary>
    private static void Modulate(Tensor y, Tensor parts, long channels)
    {
        long rows = y.size(0), frames = parts.size(2), high = parts.size(3), wide = y.size(4);
        var places = y.view([rows, channels, frames, y.size(2) / frames, high, y.size(3) / high, wide]);
        var wideParts = functional.interpolate(parts, size: [frames, high, wide]).view([rows, 2 * channels, frames, 1, high, 1, wide]);
        places.mul_(wideParts.narrow(1, 0, channels)).Increase(wideParts.narrow(1, channels, channels));
    }
}
