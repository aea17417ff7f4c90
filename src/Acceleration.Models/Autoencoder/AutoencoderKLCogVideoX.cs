using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>
/// The variational autoencoder of CogVideoX (Yang et al., arXiv:2408.06072): films, of which a latent frame stands for four frames. It takes eight frames and decodes two latent frames at a time, and what a number of frames is
/// too much for that belongs to the first part: memory depends on the size of a frame and not on the number of frames, but for what goes in and comes out. Latents of an odd number of frames begin with one that stands for a
/// single frame; of an even number every one stands for four.
/// </summary>
public sealed class AutoencoderKLCogVideoX : IAutoencoder
{
    private readonly FilmCoder _coder;

    private AutoencoderKLCogVideoX(CogFilmNetwork network, string name, string weights)
    {
        var c = network.Config;
        InvertsScale = c.InvertsScale;
        Scale = c.Scale;
        _coder = new(network, new()
        {
            Name = name,
            Channels = c.Channels,
            DecodedChannels = c.DecodedChannels,
            LatentChannels = c.LatentChannels,
            Factor = c.Factor,
            TakesFilms = true,
            FrameFactor = c.FrameFactor,
            PairsLatentFrames = true,
            ContinuedScale = c.InvertsScale ? 1 / (c.Scale * c.Scale) : 1,
            TrainedSide = c.Side,
            DType = network.Residual,
            Device = network.Scaling.Device,
            Weights = weights,
        });
    }

    /// <inheritdoc/>
    public AutoencoderInfo Info => _coder.Info;

    /// <summary>What <see cref="Encode"/> multiplies latents with.</summary>
    public double Scale { get; }

    /// <summary>
    /// Whether networks that continue a picture read its latents divided by <see cref="Scale"/> instead of multiplied with it (<c>invert_scale_latents</c>, CogVideoX 1.5). The latents that are denoised, and so <see cref="Encode"/>
    /// and <see cref="Decode"/>, are not concerned.
    /// </summary>
    public bool InvertsScale { get; }

    /// <summary>Loads a checkpoint with the parameter names of diffusers (<c>decoder.up_blocks.0.resnets.0.conv1.conv.weight</c>), under any prefix. Sizes and scale come from its metadata or a config.json beside it.</summary>
    /// <param name="path">A .safetensors file, the .safetensors.index.json of a sharded one, or a folder that holds one of either: <see cref="Checkpoint.Open"/>.</param>
    /// <param name="options">Type and device; null for float32 on the CPU. Where the configuration says <c>force_upcast</c>, Float16 is computed as Float32.</param>
    /// <exception cref="CheckpointException">
    /// A file is malformed, is no AutoencoderKLCogVideoX, lacks tensors or has others, or its configuration asks for something this class does not compute.
    /// </exception>
    public static AutoencoderKLCogVideoX Load(string path, NetworkOptions? options = null)
    {
        using var file = Checkpoint.Open(path);
        return Load(file, options);
    }

    /// <summary>Loads an open checkpoint, which stays the caller's.</summary>
    /// <inheritdoc cref="Load(string, NetworkOptions?)"/>
    public static AutoencoderKLCogVideoX Load(ICheckpoint file, NetworkOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        return new(CogFilmLoader.Load(file, options ?? new()), file.Name, file.Fingerprint());
    }

    /// <inheritdoc/>
    public Tensor Encode(Tensor pictures) => _coder.Encode(pictures);

    /// <summary>The distribution of latents that films have, in the autoencoder's own scale.</summary>
    /// <inheritdoc cref="IAutoencoder.Encode"/>
    public GaussianLatents Distribution(Tensor pictures) => _coder.Distribution(pictures);

    /// <inheritdoc/>
    public Tensor Decode(Tensor latents) => _coder.Decode(latents);

    /// <summary>Decodes latents of the autoencoder's own scale, such as <see cref="GaussianLatents.Mean"/>.</summary>
    /// <inheritdoc cref="IAutoencoder.Decode"/>
    public Tensor DecodeUnscaled(Tensor latents) => _coder.DecodeUnscaled(latents);

    /// <inheritdoc/>
    public void Dispose() => _coder.Dispose();
}
