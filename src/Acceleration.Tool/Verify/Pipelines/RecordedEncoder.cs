using Acceleration.Models;
using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>An autoencoder that draws what the encoder of a recorded pipeline drew, and gives the mean where nothing was recorded.</summary>
/// <param name="inner">The autoencoder. Not owned.</param>
/// <param name="draws">The draws that are left, the next one first.</param>
internal sealed class RecordedEncoder(IAutoencoder inner, Queue<Tensor> draws) : IAutoencoder
{
    public AutoencoderInfo Info => inner.Info;

    public Tensor Encode(Tensor pictures) => inner switch
    {
        AutoencoderKL drawing when draws.TryDequeue(out var noise) => drawing.Encode(pictures, noise),
        AutoencoderKLCogVideoX film when draws.TryDequeue(out var noise) => Drawn(film, pictures, noise),
        _ => inner.Encode(pictures),
    };

    public Tensor Decode(Tensor latents) => inner.Decode(latents);

    public void Dispose()
    {
        // The autoencoder is its owner's.
    }

    private static Tensor Drawn(AutoencoderKLCogVideoX autoencoder, Tensor film, Tensor noise)
    {
        using var distribution = autoencoder.Distribution(film);
        using var drawn = distribution.Sample(noise);
        return drawn * autoencoder.Scale;
    }
}
