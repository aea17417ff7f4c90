using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>What autoencoders of films have in common: checks, scale, and lifetimes around their layers. Owns the network.</summary>
internal sealed class FilmCoder(FilmNetwork network, AutoencoderInfo info) : IDisposable
{
    public AutoencoderInfo Info => info;

    public Tensor Encode(Tensor films)
    {
        using var grad = no_grad();
        using var distribution = Distribution(films);
        return network.Scaling.ToNetwork(distribution.Mean);
    }

    public GaussianLatents Distribution(Tensor films)
    {
        ArgumentNullException.ThrowIfNull(films);
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        return new(network.Moments(info.Taken(films, info.Channels, info.Factor, "encodes films", nameof(films))));
    }

    public Tensor Decode(Tensor latents)
    {
        ArgumentNullException.ThrowIfNull(latents);
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        return network.Films(network.Scaling.FromNetwork(Taken(latents))).MoveToOuterDisposeScope();
    }

    public Tensor DecodeUnscaled(Tensor latents)
    {
        ArgumentNullException.ThrowIfNull(latents);
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        return network.Films(Taken(latents)).MoveToOuterDisposeScope();
    }

    public void Dispose() => network.Dispose();

    private Tensor Taken(Tensor latents) => info.Taken(latents, info.LatentChannels, 1, "decodes latents", nameof(latents));
}
