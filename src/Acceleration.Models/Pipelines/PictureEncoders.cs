using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>What turns the pictures of a request into what a network reads. Owns nothing.</summary>
/// <param name="name">The model's name, for messages.</param>
/// <param name="autoencoder">Its autoencoder; null where it has none that is supported.</param>
/// <param name="preparation">What is done to pictures before the image encoder sees them; null for what is usual.</param>
/// <param name="images">Its image encoder; null where it has none.</param>
public sealed class PictureEncoders(string name, IAutoencoder? autoencoder, ImagePreparation? preparation = null, ImageEncoder? images = null)
{
    /// <summary>Latents of pictures or films, as the network sees latents: the mean where the encoder gives a distribution.</summary>
    /// <param name="pictures">[rows, 3, (frames,) height, width] in [−1, 1].</param>
    /// <returns>[rows, channels, (latent frames,) height, width].</returns>
    /// <exception cref="InvalidOperationException">There is no autoencoder.</exception>
    public Tensor Latents(Tensor pictures) => Autoencoder.Encode(pictures);

    /// <summary>Latents of a first frame, as networks that continue it read them.</summary>
    /// <param name="pictures">[rows, 3, height, width] in [−1, 1].</param>
    /// <returns>[rows, channels, 1, height, width].</returns>
    /// <exception cref="InvalidOperationException">There is no autoencoder.</exception>
    public Tensor ContinuedLatents(Tensor pictures)
    {
        using var scope = NewDisposeScope();
        var latents = Autoencoder.Encode(pictures.unsqueeze(2));
        return (Autoencoder.Info.ContinuedScale is var scale && scale == 1 ? latents : latents.Times(scale)).MoveToOuterDisposeScope();
    }

    /// <summary>What the image encoder sees in pictures: its states before the last layer.</summary>
    /// <param name="pictures">[rows, 3, height, width] in [0, 1], of any size.</param>
    /// <returns>[rows, tokens, width].</returns>
    /// <exception cref="InvalidOperationException">There is no image encoder.</exception>
    public Tensor States(Tensor pictures)
    {
        if (images is null)
        {
            throw new InvalidOperationException($"{name} has no image encoder, and its network reads what one makes of a picture.");
        }

        using var prepared = (preparation ?? new()).Apply(pictures);
        return images.States(prepared, skip: 1);
    }

    private IAutoencoder Autoencoder => autoencoder ?? throw new InvalidOperationException($"{name} has no autoencoder that is supported, so pictures cannot become its latents.");
}
