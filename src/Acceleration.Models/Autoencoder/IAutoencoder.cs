using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>
/// Pictures or films to the latents that a diffusion network works on, and back. Latents are scaled and shifted as the diffusion network sees them: what <see cref="Encode"/> returns can be noised, and what a sampler
/// returns can be decoded. Weights are read only: one autoencoder serves concurrent requests.
/// </summary>
public interface IAutoencoder : IDisposable
{
    /// <summary>Sizes, type and place.</summary>
    AutoencoderInfo Info { get; }

    /// <summary>Encodes pictures; the mean where the encoder gives a distribution.</summary>
    /// <param name="pictures">
    /// [rows, channels, height, width] in [−1, 1], of any floating-point type and on any device; where <see cref="AutoencoderInfo.TakesFilms"/> says so [rows, channels, frames, height, width], a picture being a film of one frame.
    /// </param>
    /// <returns>
    /// [rows, latent channels, (latent frames,) height/factor, width/factor], of the type and on the device of <see cref="Info"/>, with <see cref="AutoencoderInfo.LatentFrames"/> latent frames. Sides that are no multiples of the
    /// factor lose a rest.
    /// </returns>
    /// <exception cref="ArgumentException">The pictures have another rank or number of channels, or a side below the factor.</exception>
    Tensor Encode(Tensor pictures);

    /// <summary>Decodes latents.</summary>
    /// <param name="latents">[rows, latent channels, (latent frames,) height, width], of any floating-point type and on any device.</param>
    /// <returns>
    /// [rows, channels, (frames,) height·factor, width·factor] with <see cref="AutoencoderInfo.DecodedFrames"/> frames, in [−1, 1] for most pixels: decoders overshoot a little, and nothing is clipped (but by AutoencoderKLWan, as published).
    /// </returns>
    /// <exception cref="ArgumentException">The latents have another rank or number of channels.</exception>
    Tensor Decode(Tensor latents);
}
