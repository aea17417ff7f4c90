using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>
/// The distilled autoencoder TAESD (madebyollin/taesd): a few convolutions that encode to and decode from the latents of a large AutoencoderKL, good enough for previews and cheap enough for every step.
/// </summary>
public sealed class AutoencoderTiny : IAutoencoder
{
    private readonly TinyNetwork _network;

    private AutoencoderTiny(TinyNetwork network, string name, string weights)
    {
        var c = network.Config;
        _network = network;
        Info = new()
        {
            Name = name,
            Channels = c.Channels,
            DecodedChannels = c.DecodedChannels,
            LatentChannels = c.LatentChannels,
            Factor = c.DecoderFactor,
            DType = network.Residual,
            Device = network.Device,
            Weights = weights,
        };
    }

    /// <inheritdoc/>
    public AutoencoderInfo Info { get; }

    /// <summary>Loads a checkpoint with the parameter names of diffusers (<c>encoder.layers.0.weight</c>), under any prefix.</summary>
    /// <inheritdoc cref="AutoencoderKL.Load(string, NetworkOptions?)"/>
    /// <param name="path">A .safetensors file, the .safetensors.index.json of a sharded one, or a folder that holds one of either: <see cref="Checkpoint.Open"/>.</param>
    /// <param name="options">Type and device; null for float32 on the CPU.</param>
    public static AutoencoderTiny Load(string path, NetworkOptions? options = null)
    {
        using var file = Checkpoint.Open(path);
        return Load(file, options);
    }

    /// <summary>Loads an open checkpoint, which stays the caller's.</summary>
    /// <inheritdoc cref="Load(string, NetworkOptions?)"/>
    public static AutoencoderTiny Load(ICheckpoint file, NetworkOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        return new(TinyLoader.Load(file, options ?? new()), file.Name, file.Fingerprint());
    }

    /// <inheritdoc/>
    public Tensor Encode(Tensor pictures)
    {
        using var scope = NewDisposeScope();
        return _network.Scaling.ToNetwork(EncodeUnscaled(pictures)).MoveToOuterDisposeScope();
    }

    /// <summary>Encodes pictures to the autoencoder's own scale.</summary>
    /// <inheritdoc cref="IAutoencoder.Encode"/>
    public Tensor EncodeUnscaled(Tensor pictures)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        return _network.Encode(Info.Taken(pictures, Info.Channels, 1, "encodes pictures", nameof(pictures))).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor Decode(Tensor latents)
    {
        ArgumentNullException.ThrowIfNull(latents);
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        return _network.Decode(_network.Scaling.FromNetwork(Taken(latents))).MoveToOuterDisposeScope();
    }

    /// <summary>Decodes latents of the autoencoder's own scale.</summary>
    /// <inheritdoc cref="IAutoencoder.Decode"/>
    public Tensor DecodeUnscaled(Tensor latents)
    {
        ArgumentNullException.ThrowIfNull(latents);
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        return _network.Decode(Taken(latents)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose() => _network.Dispose();

    private Tensor Taken(Tensor latents) => Info.Taken(latents, Info.LatentChannels, 1, "decodes latents", nameof(latents));
}
