using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>What turns the pictures of a request into what a network reads. Owns nothing.</summary>
/// <param name="name">The model's name, for messages.</param>
/// <param name="autoencoder">Its autoencoder; null where it has none that is supported.</param>
public sealed class PictureEncoders(string name, IAutoencoder? autoencoder)
{
    /// <summary>Latents of pictures, as the network sees latents: the mean where the encoder gives a distribution.</summary>
    /// <param name="pictures">[rows, 3, height, width] in [−1, 1].</param>
    /// <returns>[rows, channels, height, width].</returns>
    /// <exception cref="InvalidOperationException">There is no autoencoder.</exception>
    public Tensor Latents(Tensor pictures) => autoencoder?.Encode(pictures)
        ?? throw new InvalidOperationException($"{name} has no autoencoder that is supported, so pictures cannot become its latents.");
}
