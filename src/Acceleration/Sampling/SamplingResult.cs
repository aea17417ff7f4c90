using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Samples, and the record of what they cost.</summary>
public sealed class SamplingResult : IDisposable
{
    internal SamplingResult(Tensor latents, Trace trace) => (Latents, Trace) = (latents, trace);

    /// <summary>The samples, [samples, channels, ...]: pixels for pixel-space networks, latents for an autoencoder otherwise.</summary>
    public Tensor Latents { get; }

    /// <summary>What was computed, skipped, and why.</summary>
    public Trace Trace { get; }

    /// <inheritdoc/>
    public void Dispose() => Latents.Dispose();
}
