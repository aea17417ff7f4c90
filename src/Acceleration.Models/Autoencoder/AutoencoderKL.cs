using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>
/// The variational autoencoder of Stable Diffusion, SDXL, SD3 and FLUX (Rombach et al., "High-Resolution Image Synthesis with Latent Diffusion Models", arXiv:2112.10752): residual blocks of convolutions, with one attention
/// in the middle.
/// </summary>
public sealed class AutoencoderKL : IAutoencoder
{
    private readonly KlNetwork _network;

    private AutoencoderKL(KlNetwork network, string name, string weights)
    {
        var c = network.Config;
        _network = network;
        Info = new()
        {
            Name = name,
            Channels = c.Channels,
            DecodedChannels = c.DecodedChannels,
            LatentChannels = c.LatentChannels,
            Factor = c.Factor,
            TrainedSide = c.Side,
            DType = network.Residual,
            Device = network.Device,
            Weights = weights,
        };
    }

    /// <inheritdoc/>
    public AutoencoderInfo Info { get; }

    /// <summary>
    /// Loads a checkpoint with the parameter names of diffusers, the present ones or the older <c>query</c>, <c>key</c>, <c>value</c>, <c>proj_attn</c>, under any prefix. Sizes, scale and shift come from its metadata or a config.json beside it.
    /// </summary>
    /// <param name="path">A .safetensors file, the .safetensors.index.json of a sharded one, or a folder that holds one of either: <see cref="Checkpoint.Open"/>.</param>
    /// <param name="options">
    /// Type and device; null for float32 on the CPU. Where the configuration says <c>force_upcast</c> (values that exceed float16's range), Float16 is computed as Float32, as published pipelines do.
    /// </param>
    /// <exception cref="CheckpointException">
    /// A file is malformed, is no AutoencoderKL, lacks tensors or has others, or its configuration asks for something this class does not compute.
    /// </exception>
    public static AutoencoderKL Load(string path, NetworkOptions? options = null)
    {
        using var file = Checkpoint.Open(path);
        return Load(file, options);
    }

    /// <summary>Loads an open checkpoint, which stays the caller's.</summary>
    /// <inheritdoc cref="Load(string, NetworkOptions?)"/>
    public static AutoencoderKL Load(ICheckpoint file, NetworkOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        return new(KlLoader.Load(file, options ?? new()), file.Name, file.Fingerprint());
    }

    /// <inheritdoc/>
    public Tensor Encode(Tensor pictures)
    {
        using var grad = no_grad();
        using var distribution = Distribution(pictures);
        return _network.Scaling.ToNetwork(distribution.Mean);
    }

    /// <summary>Encodes pictures to latents drawn from their distribution, mean + deviation·noise, as published pipelines do.</summary>
    /// <inheritdoc cref="IAutoencoder.Encode"/>
    /// <param name="pictures">[rows, channels, height, width] in [−1, 1], of any floating-point type and on any device.</param>
    /// <param name="noise">Standard normal numbers of the latents' size, type and device.</param>
    public Tensor Encode(Tensor pictures, Tensor noise)
    {
        using var grad = no_grad();
        using var distribution = Distribution(pictures);
        using var drawn = distribution.Sample(noise);
        return _network.Scaling.ToNetwork(drawn);
    }

    /// <summary>The distribution of latents that pictures have, in the autoencoder's own scale.</summary>
    /// <inheritdoc cref="IAutoencoder.Encode"/>
    public GaussianLatents Distribution(Tensor pictures)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        return new(_network.Encoder.Apply(Info.Taken(pictures, Info.Channels, Info.Factor, "encodes pictures", nameof(pictures))));
    }

    /// <inheritdoc/>
    public Tensor Decode(Tensor latents)
    {
        ArgumentNullException.ThrowIfNull(latents);
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        return _network.Decoder.Apply(_network.Scaling.FromNetwork(Taken(latents))).MoveToOuterDisposeScope();
    }

    /// <summary>Decodes latents of the autoencoder's own scale, such as <see cref="GaussianLatents.Mean"/>.</summary>
    /// <inheritdoc cref="IAutoencoder.Decode"/>
    public Tensor DecodeUnscaled(Tensor latents)
    {
        ArgumentNullException.ThrowIfNull(latents);
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        return _network.Decoder.Apply(Taken(latents)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose() => _network.Dispose();

    private Tensor Taken(Tensor latents) => Info.Taken(latents, Info.LatentChannels, 1, "decodes latents", nameof(latents));
}
