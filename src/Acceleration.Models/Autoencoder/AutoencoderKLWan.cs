using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>
/// The variational autoencoder of Wan 2.1 and 2.2 (Wan team, arXiv:2503.20314): films, of which a latent frame stands for four frames and the first one for one. Convolutions see earlier frames only, so films are encoded and
/// decoded part by part: memory depends on the size of a frame and not on the number of frames, but for what goes in and comes out.
/// </summary>
public sealed class AutoencoderKLWan : IAutoencoder
{
    private readonly FilmCoder _coder;

    private AutoencoderKLWan(WanFilmNetwork network, string name, string weights)
    {
        var c = network.Config;
        _coder = new(network, new()
        {
            Name = name,
            Channels = c.Inputs / c.Patch / c.Patch,
            DecodedChannels = c.Outputs / c.Patch / c.Patch,
            LatentChannels = c.LatentChannels,
            Factor = c.Factor,
            TakesFilms = true,
            FrameFactor = c.FrameFactor,
            DType = network.Residual,
            Device = network.Scaling.Device,
            Weights = weights,
        });
    }

    /// <inheritdoc/>
    public AutoencoderInfo Info => _coder.Info;

    /// <summary>Loads a checkpoint with the parameter names of diffusers (<c>decoder.up_blocks.0.resnets.0.norm1.gamma</c>), under any prefix. Sizes, means and deviations of latents come from its metadata or a config.json beside it.</summary>
    /// <param name="path">A .safetensors file, the .safetensors.index.json of a sharded one, or a folder that holds one of either: <see cref="Checkpoint.Open"/>.</param>
    /// <param name="options">Type and device; null for float32 on the CPU.</param>
    /// <exception cref="CheckpointException">
    /// A file is malformed, is no AutoencoderKLWan, lacks tensors or has others, or its configuration asks for something this class does not compute.
    /// </exception>
    public static AutoencoderKLWan Load(string path, NetworkOptions? options = null)
    {
        using var file = Checkpoint.Open(path);
        return Load(file, options);
    }

    /// <summary>Loads an open checkpoint, which stays the caller's.</summary>
    /// <inheritdoc cref="Load(string, NetworkOptions?)"/>
    public static AutoencoderKLWan Load(ICheckpoint file, NetworkOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        return new(WanFilmLoader.Load(file, options ?? new()), file.Name, file.Fingerprint());
    }

    /// <inheritdoc/>
    /// <remarks>Frames behind the last whole group of four are left out, as published: [rows, 3, 4·n + 1, height, width] loses none.</remarks>
    public Tensor Encode(Tensor pictures) => _coder.Encode(pictures);

    /// <summary>The distribution of latents that films have, in the autoencoder's own scale.</summary>
    /// <inheritdoc cref="IAutoencoder.Encode"/>
    public GaussianLatents Distribution(Tensor pictures) => _coder.Distribution(pictures);

    /// <summary>Decodes latents. What is outside of [−1, 1] is clipped.</summary>
    /// <inheritdoc/>
    public Tensor Decode(Tensor latents) => _coder.Decode(latents);

    /// <summary>Decodes latents of the autoencoder's own scale, such as <see cref="GaussianLatents.Mean"/>.</summary>
    /// <inheritdoc cref="Decode"/>
    public Tensor DecodeUnscaled(Tensor latents) => _coder.DecodeUnscaled(latents);

    /// <inheritdoc/>
    public void Dispose() => _coder.Dispose();
}
