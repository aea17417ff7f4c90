using System.Collections.Immutable;

namespace Acceleration;

/// <summary>
/// Flow sampling that begins small and doubles its latents on the way without first going to the clean image: the noise-and-time matching of RALU (Jeong et al., 2025, arXiv 2507.08422), for all of the picture at
/// once.
/// </summary>
public static class LatentUpsampling
{
    /// <summary>Samples in these stages with flow Euler.</summary>
    /// <param name="builder">The sampler being described, of a flow network.</param>
    /// <param name="stages">At least one; ends ascend, the last is 1 at scale 1.</param>
    /// <param name="correlation">c of <see cref="NoiseTimeMatching"/>.</param>
    /// <exception cref="ArgumentException">The network is no flow, or the stages do not follow each other.</exception>
    public static SamplerBuilder Upsampling(this SamplerBuilder builder, IReadOnlyList<UpsamplingStage> stages, double correlation = 0.0586) =>
        builder.Solve(new Upsampling(stages, correlation));

    /// <summary>The stages for a solver of one's own.</summary>
    /// <inheritdoc cref="Upsampling"/>
    public static IReadOnlyList<Stage> Stages(IReadOnlyList<UpsamplingStage> stages, double correlation = 0.0586)
    {
        stages = new Upsampling(stages, correlation).Stages;
        var made = new Stage[stages.Count];
        var start = 1.0;
        for (var i = 0; i < made.Length; i++)
        {
            var (stage, before) = (stages[i], i == 0 ? null : stages[i - 1]);
            var matching = before is null ? null : new NoiseTimeMatching(before.End, correlation);
            start = matching?.StartSigma ?? start;
            RequireOrder(i, stage, before, start);
            made[i] = new Stage(null, Grid(start, 1 - stage.End, stage)) { Scale = stage.Scale };
            made[i] = matching is null
                ? made[i]
                : made[i] with { Start = StageStart.Latents, Resample = Resampler.Of(Resampling.Nearest), Renoise = (latents, noise, _) => matching.Apply(latents, noise) };
        }

        return made;
    }

    private static void RequireOrder(int index, UpsamplingStage stage, UpsamplingStage? before, double start)
    {
        if (before is not null && stage.Scale != 2 * before.Scale)
        {
            throw new ArgumentException(FormattableString.Invariant($"Stage {index} has scale {stage.Scale}; after {before.Scale} it must be {2 * before.Scale}: the noise of doubled latents is what is matched."), nameof(stage));
        }

        if (!(1 - stage.End < start))
        {
            throw new ArgumentException(FormattableString.Invariant($"Stage {index} begins at sigma {start:0.###} and cannot end at {1 - stage.End:0.###}: ends ascend, and a larger correlation begins later."), nameof(stage));
        }
    }

    /// <summary>Levels that are evenly spaced before the shift and meet both ends after it.</summary>
    private static Schedule Grid(double from, double to, UpsamplingStage stage)
    {
        var shift = FlowShift.Static(stage.Shift);
        double Unshifted(double sigma) => sigma / (stage.Shift - ((stage.Shift - 1) * sigma));
        var (first, last) = (Unshifted(from), Unshifted(to));
        var points = ImmutableArray.CreateBuilder<GridPoint>(stage.Steps + 1);
        for (var k = 0; k <= stage.Steps; k++)
        {
            var sigma = k == 0 ? from : k == stage.Steps ? to : shift.Apply(first + ((last - first) * k / stage.Steps));
            points.Add(GridPoints.Flow(sigma * 1000, sigma));
        }

        return Schedule.Through("flow-upsampling", points.MoveToImmutable(), NetworkClock.Flow);
    }
}
