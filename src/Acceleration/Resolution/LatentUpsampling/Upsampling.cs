namespace Acceleration;

/// <summary>The setting of <see cref="LatentUpsampling"/>.</summary>
/// <param name="Stages">At least one; ends ascend, each scale is twice the one before, the last is 1 at scale 1.</param>
/// <param name="Correlation">c of <see cref="NoiseTimeMatching"/>.</param>
[Entry("upsampling", "UP")]
public sealed record Upsampling(IReadOnlyList<UpsamplingStage> Stages, double Correlation = 0.0586) : IStaging
{
    /// <summary>The stages.</summary>
    [InTag]
    public IReadOnlyList<UpsamplingStage> Stages { get; init => field = Fitting(value); } = Fitting(Stages);

    /// <summary>c.</summary>
    [InTag("c")]
    [Within(0, 0.25, OpenBelow = true)]
    public double Correlation { get; init => field = new NoiseTimeMatching(0, value).Correlation; } = new NoiseTimeMatching(0, Correlation).Correlation;

    /// <inheritdoc/>
    public ISolver UsualSolver(DenoiserInfo network) => new FlowEuler();

    /// <inheritdoc/>
    public IReadOnlyList<Stage> On(DenoiserInfo network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return network.Clock == NetworkClock.Flow
            ? LatentUpsampling.Stages(Stages, Correlation)
            : throw new ArgumentException($"{network.Name} is no flow network: the matching of noise and time is that of flows. Use .Bottleneck(...).", nameof(network));
    }

    /// <inheritdoc cref="IStaging.WithSteps"/>
    public Upsampling WithSteps(double share) => this with { Stages = [.. Stages.Select(s => s with { Steps = Share.Of(s.Steps, share) })] };

    IStaging IStaging.WithSteps(double share) => WithSteps(share);

    private static IReadOnlyList<UpsamplingStage> Fitting(IReadOnlyList<UpsamplingStage> stages)
    {
        if (!(stages is { Count: > 0 } && stages[^1] is { Scale: 1, End: 1 }))
        {
            throw new ArgumentException("Latent upsampling needs stages of which the last is at scale 1 and ends at 1.", nameof(Stages));
        }

        Stage.RequireSteps(stages.Select(s => s.Steps), nameof(Stages));
        return ValueList.Of(stages);
    }
}
