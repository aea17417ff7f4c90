namespace Acceleration;

/// <summary>The setting of <see cref="BottleneckSampling"/>.</summary>
/// <param name="Stages">At least one; the first has strength 1, and the last is the result's resolution.</param>
[Entry("bottleneck", "BN")]
public sealed record Bottleneck(IReadOnlyList<BottleneckStage> Stages) : IStaging
{
    /// <summary>The stages.</summary>
    [InTag]
    public IReadOnlyList<BottleneckStage> Stages { get; init => field = Fitting(value); } = Fitting(Stages);

    /// <summary>How latents are resized between stages.</summary>
    [InTag]
    public Resampling Resampling { get; init; } = Resampling.Lanczos3;

    /// <inheritdoc cref="IStaging.WithSteps"/>
    public Bottleneck WithSteps(double share) => this with { Stages = [.. Stages.Select(s => s with { Steps = Share.Of(s.Steps, share) })] };

    IStaging IStaging.WithSteps(double share) => WithSteps(share);

    /// <inheritdoc/>
    public ISolver UsualSolver(DenoiserInfo network) => network.Clock == NetworkClock.Flow || network.Noise is null ? new FlowEuler() : new Ddim();

    /// <inheritdoc/>
    public IReadOnlyList<Stage> On(DenoiserInfo network) => BottleneckSampling.Stages(network, Stages, Resampling);

    private static IReadOnlyList<BottleneckStage> Fitting(IReadOnlyList<BottleneckStage> stages)
    {
        if (!(stages is { Count: > 0 } && stages[0].Strength == 1 && stages[^1].Scale == 1))
        {
            throw new ArgumentException("Bottleneck sampling needs stages of which the first has strength 1 (it begins with noise) and the last scale 1 (the result's resolution).", nameof(Stages));
        }

        Stage.RequireSteps(stages.Select(s => s.Steps), nameof(Stages));
        return ValueList.Of(stages);
    }
}
