using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>The layers of a loaded autoencoder of films.</summary>
internal abstract record FilmNetwork(LatentScaling Scaling, ScalarType Residual) : IDisposable
{
    /// <summary>Its tensors.</summary>
    public NetworkTensors? Tensors { private get; init; }

    /// <param name="films">[rows, channels, frames, height, width].</param>
    /// <returns>[rows, 2·latent channels, latent frames, height/factor, width/factor]: means, then log-variances.</returns>
    public abstract Tensor Moments(Tensor films);

    /// <param name="latents">[rows, latent channels, latent frames, height, width], of the autoencoder's own scale.</param>
    /// <returns>[rows, channels, frames, height·factor, width·factor].</returns>
    public abstract Tensor Films(Tensor latents);

    public void Dispose() => Tensors?.Dispose();
}
