using static TorchSharp.torch;

namespace Acceleration.Reporting;

/// <summary>Draws the pictures of a study by the tag of a sampler, and holds them against the baseline's. Runs on the calling thread.</summary>
public sealed class CombinationStudy : IDisposable
{
    private readonly IDenoiser _network;
    private readonly CombinationSetup _setup;
    private readonly CancellationToken _cancellation;
    private readonly Tensor _reference;
    private readonly Trace _baseline;

    /// <summary>Draws the baseline's pictures.</summary>
    /// <param name="network">The network, which stays the caller's.</param>
    /// <param name="setup">Baseline, seed and classes.</param>
    /// <param name="cancellation">Stops between blocks.</param>
    public CombinationStudy(IDenoiser network, CombinationSetup setup, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(setup);
        (_network, _setup, _cancellation) = (network, setup, cancellation);
        (_reference, _baseline) = Draw(setup.Baseline);
    }

    /// <summary>Runs a setting.</summary>
    /// <param name="decision">When work is skipped.</param>
    /// <param name="approximation">How what was skipped is made up.</param>
    /// <param name="tag">Tag of the whole sampler.</param>
    public CombinationRun Run(string decision, string approximation, string tag)
    {
        var (pictures, trace) = Draw(tag);
        using (pictures)
        {
            return new(decision, approximation, trace.ArithmeticSpeedup(_baseline), trace.Evaluations, ImageMetrics.Psnr(pictures, _reference), tag);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _reference.Dispose();

    /// <summary>A broken picture counts as a black one: it is to be bad, not unknown.</summary>
    private (Tensor Pictures, Trace Trace) Draw(string tag)
    {
        using var condition = Conditioning.Labels([.. _setup.Labels]);
        using var made = Sampler.For(_network).Plan(AccelerationPlan.Parse(tag)).OnNonFinite(NonFinite.Ignore).Build().Generate(new() { Condition = condition, Seed = _setup.Seed }, cancellation: _cancellation);
        using var scope = NewDisposeScope();
        return (((made.Latents.to(float32).cpu() + 1) / 2).nan_to_num(0, 0, 0).clamp(0, 1).DetachFromDisposeScope(), made.Trace);
    }
}
