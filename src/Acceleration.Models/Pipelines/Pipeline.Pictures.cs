using static TorchSharp.torch;

namespace Acceleration.Models;

/// <content>Pictures to start from, and those that a network is conditioned on.</content>
public sealed partial class Pipeline
{
    /// <summary>The pictures that the network is conditioned on, to be given to <see cref="EncodePictures"/>; none in most models.</summary>
    public IReadOnlyList<PictureSpec> Pictures => Form.Pictures(Parts.Network.Channels, Parts.Beside);

    /// <summary>Its encoders of pictures.</summary>
    internal PictureEncoders PictureEncoders => new(Name, Autoencoder, ImagePreparation, ImageEncoder);

    /// <summary>What tells the network what a picture shows; null in models whose network does not read it.</summary>
    public ImageEncoder? ImageEncoder { get; internal init; }

    /// <summary>What is done to pictures before it sees them.</summary>
    internal ImagePreparation? ImagePreparation { get; init; }

    /// <summary>The pictures that a model is conditioned on, read from its files without loading it: see <see cref="Pictures"/>.</summary>
    /// <param name="path">What <see cref="Load"/> takes.</param>
    /// <param name="variant">Which of several forms of the weights: see <see cref="PipelineOptions.Variant"/>.</param>
    /// <exception cref="CheckpointException">A file is missing, malformed or of something else; its message names it.</exception>
    public static IReadOnlyList<PictureSpec> PicturesOf(string path, string? variant = null) => PipelineLoader.Pictures(path, variant);

    /// <summary>Noises pictures to a level within the trajectory.</summary>
    /// <param name="call">What is asked for; the size is the pictures'.</param>
    /// <param name="pictures">[samples or 1, 3, height, width] in [0, 1].</param>
    /// <param name="samples">Number of samples.</param>
    /// <param name="seed">Seed of the first sample's noise; sample i has seed + i.</param>
    /// <param name="strength">Share of the trajectory that is run: near 0 keeps the picture, 1 begins with noise.</param>
    /// <param name="mask">[samples or 1, 1, height, width], above one half where the picture is made anew; null for everywhere.</param>
    /// <exception cref="ArgumentException">Pictures or mask do not fit, or the strength leaves no step.</exception>
    public PictureStart StartFrom(PipelineCall call, Tensor pictures, int samples, long seed = 0, double strength = 0.8, Tensor? mask = null)
    {
        ArgumentNullException.ThrowIfNull(call);
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        return PictureStarts.Of(this, call, pictures, samples, seed, strength, mask);
    }

    /// <summary>Makes what the network reads of pictures beside its latents; one condition serves both branches of guidance.</summary>
    /// <param name="call">What is asked for.</param>
    /// <param name="pictures">
    /// The pictures that <see cref="Pictures"/> names, of the size of <see cref="SampledSizeOf"/>: [samples or 1, 3, height, width] and masks [samples or 1, 1, height, width], in [0, 1].
    /// </param>
    /// <exception cref="ArgumentException">One is missing, is not read, or has another shape.</exception>
    /// <exception cref="InvalidOperationException">The model has no encoder that is supported.</exception>
    public Conditioning EncodePictures(PipelineCall call, params IReadOnlyList<(PictureRole Role, Tensor Picture)> pictures)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(pictures);
        return Form.EncodePictures(Parts, PictureEncoders, SampledSizeOf(call), pictures);
    }
}
