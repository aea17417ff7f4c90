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

    /// <summary>The same stages with fewer steps each: the control of what is stacked on them.</summary>
    /// <param name="share">Share of each stage's steps, above 0 and at most 1; a stage keeps one at least.</param>
    public Bottleneck WithSteps(double share) => share is > 0 and <= 1
        ? this with { Stages = [.. Stages.Select(s => s with { Steps = Math.Max(1, (int)Math.Round(s.Steps * share)) })] }
        : throw new ArgumentOutOfRangeException(nameof(share), share, "The share of the steps is above 0 and at most 1.");

    /// <inheritdoc/>
    public ISolver UsualSolver(DenoiserInfo network) => network.Noise is null ? new FlowEuler() : new Ddim();

    /// <inheritdoc/>
    public IReadOnlyList<Stage> On(DenoiserInfo network) => BottleneckSampling.Stages(network, Stages, Resampling);

    /// <inheritdoc/>
    public bool Equals(Bottleneck? other) => other is not null && Resampling == other.Resampling && Stages.SequenceEqual(other.Stages);

    /// <inheritdoc/>
    public override int GetHashCode() => Stages.Aggregate((int)Resampling, HashCode.Combine);

    private static IReadOnlyList<BottleneckStage> Fitting(IReadOnlyList<BottleneckStage> stages) => stages is { Count: > 0 } && stages[0].Strength == 1 && stages[^1].Scale == 1
        ? [.. stages]
        : throw new ArgumentException("Bottleneck sampling needs stages of which the first has strength 1 (it begins with noise) and the last scale 1 (the result's resolution).", nameof(Stages));
}
