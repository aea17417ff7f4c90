using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>What a network is made of: an open checkpoint, which stays the caller's, and options.</summary>
/// <param name="File">The checkpoint.</param>
/// <param name="Options">Types, device, and what overrules the file.</param>
internal readonly record struct NetworkSource(ICheckpoint File, NetworkOptions Options)
{
    /// <summary>Of what a caller gives.</summary>
    public static NetworkSource Of(ICheckpoint file, NetworkOptions? options)
    {
        ArgumentNullException.ThrowIfNull(file);
        return new(file, options ?? new());
    }

    /// <summary>Opens a checkpoint for as long as something is loaded from it.</summary>
    public static T Open<T>(string path, NetworkOptions? options, Func<ICheckpoint, NetworkOptions?, T> load)
    {
        using var file = Checkpoint.Open(path);
        return load(file, options);
    }

    /// <summary>What all networks say of themselves.</summary>
    /// <param name="sites">The sites.</param>
    /// <param name="device">Where it computes.</param>
    /// <param name="size">Size of its latents in training.</param>
    /// <param name="prediction">What it predicts unless the options say otherwise.</param>
    /// <param name="noise">Its training noise, likewise.</param>
    public DenoiserInfo Describe(SiteMap sites, Device device, IReadOnlyList<long> size, PredictionType prediction, NoiseTable? noise = null) => new()
    {
        Name = File.Name,
        Weights = File.Fingerprint(),
        Prediction = Options.Prediction ?? prediction,
        SampleSize = size,
        Noise = Options.Noise ?? noise,
        LearnedVariance = !sites.Network.Traits.HasFlag(SiteTraits.ShapePreserving),
        Sites = sites,
        Signals = [Signal.TimeEmbedding, Signal.ModulatedInput],
        Device = device,
        DType = Options.Residual,
    };
}
