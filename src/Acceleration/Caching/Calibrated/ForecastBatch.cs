using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Trajectories of one request: where each step of full evaluation arrives, and a session at the beginning.</summary>
/// <param name="Start">At step 0, of the sampler with the probe.</param>
/// <param name="Latents">Before each step and after the last one, [samples, channels, ...].</param>
internal sealed record ForecastBatch(SamplingSession Start, IReadOnlyList<Tensor> Latents) : IDisposable
{
    /// <summary>Square roots of the samples' weights in the fit, [samples, 1, ...]; null where all count alike.</summary>
    public Tensor? Weights { get; set; }

    /// <summary>Mean square of each sample's error on arrival at a step, [samples].</summary>
    public Tensor Error(Tensor latents, int step) => Squares(latents - Latents[step]);

    /// <summary>Mean square of each sample, [samples].</summary>
    public static Tensor Squares(Tensor latents)
    {
        using var flat = latents.flatten(1).to(ScalarType.Float64);
        return (flat * flat).mean([1]);
    }

    public void Dispose()
    {
        Start.Dispose();
        Weights?.Dispose();
        foreach (var latents in Latents)
        {
            latents.Dispose();
        }
    }
}
