namespace Acceleration;

/// <summary>
/// Bottleneck Sampling (Tian et al., 2025, arXiv 2503.18940): full resolution first, where layout is decided, then a stage at low resolution, then full resolution again for
/// detail. Every stage runs to the clean image; the next one resizes that, noises it anew to its first level, and starts without history.
/// </summary>
/// <remarks>
/// Published for flow models, with shifted levels s·u/(1 + (s − 1)·u). For variance-preserving networks we shift u = (σ/(α + σ))/u_T, the flow's noise level of the same signal-to-noise
/// ratio relative to the noisiest of training, and take the training time of the level reached. A shift of 1 is the plain schedule in both.
/// </remarks>
public static class BottleneckSampling
{
    /// <summary>Samples in these stages, with flow Euler on flow networks and DDIM on others.</summary>
    /// <param name="builder">The sampler being described.</param>
    /// <param name="stages">At least one; the first has strength 1, and the last is the result's resolution.</param>
    /// <param name="resampling">How latents are resized between stages.</param>
    /// <param name="clip">Bounds on predicted clean samples; null for none.</param>
    /// <exception cref="ArgumentException">No stages, the first leaves out steps, or the last is not at full resolution.</exception>
    public static SamplerBuilder Bottleneck(
        this SamplerBuilder builder, IReadOnlyList<BottleneckStage> stages, Resampling resampling = Resampling.Lanczos3, SampleClip? clip = null) =>
        builder.Solve(new Bottleneck(stages) { Resampling = resampling }, clip: clip);

    /// <summary>The stages for a solver of one's own.</summary>
    /// <inheritdoc cref="Bottleneck"/>
    /// <param name="network">Flow or variance-preserving.</param>
    /// <param name="stages">The stages.</param>
    /// <param name="resampling">How latents are resized between stages.</param>
    public static IReadOnlyList<Stage> Stages(DenoiserInfo network, IReadOnlyList<BottleneckStage> stages, Resampling resampling = Resampling.Lanczos3)
    {
        ArgumentNullException.ThrowIfNull(network);
        return
        [
            .. new Bottleneck(stages).Stages.Select(s => new Stage(null, Grid(network, s.Steps, s.Shift)) { Scale = s.Scale, Strength = s.Strength, Resample = Resampler.Of(resampling) }),
        ];
    }

    private static Schedule Grid(DenoiserInfo network, int steps, double shift)
    {
        if (network.Clock == NetworkClock.Flow || network.Noise is not { } table)
        {
            return FlowSchedule.FromSigmas([.. Enumerable.Range(0, steps).Select(k => 1 - ((double)k / steps))], FlowShift.Static(shift));
        }

        var plain = DdimSchedule.Make(table, steps, TimestepSpacing.Linspace, strict: true);
        return shift == 1 ? plain : Schedule.Through("ddim-shifted", [.. plain.Points.Select(p => Shifted(table, p, shift)), plain.Targets[^1]], NetworkClock.TrainingStep);
    }

    private static GridPoint Shifted(NoiseTable table, GridPoint point, double shift)
    {
        double noisiest = Level(table.SigmaRatios[^1]);
        var level = noisiest * FlowShift.Static(shift).Apply(Level(point.Sigma / point.Alpha) / noisiest);
        var ratio = level / (1 - level);
        return GridPoints.VariancePreserving(SigmaLookup.TimeOf(table, ratio), ratio);
    }

    private static double Level(double ratio) => ratio / (1 + ratio);
}
