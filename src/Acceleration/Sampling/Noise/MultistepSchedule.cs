using System.Collections.Immutable;

namespace Acceleration;

/// <summary>Schedules of DPM-Solver, UniPC and DEIS, in which every level has a finite λ = ln(α/σ).</summary>
public static class MultistepSchedule
{
    /// <summary>Levels of a variance-preserving network.</summary>
    /// <param name="table">Noise levels; a zero terminal SNR counts as S = σ/α = 4096.</param>
    /// <param name="steps">N, 1..T.</param>
    /// <param name="spacing">How timesteps are picked, where <paramref name="shape"/> is plain.</param>
    /// <param name="stepsOffset">Added to leading timesteps.</param>
    /// <param name="shape">Plain, or another distribution of S over the whole table.</param>
    /// <param name="endsClean">The last step arrives at the clean sample; else at the smallest level.</param>
    /// <param name="lambdaMin">Training steps whose λ is below it are left out (DPM-Solver cuts cosine tables at −5.1); null for none.</param>
    /// <param name="cutsTimes">Whether the network is told the whole part of a shaped level's time instead of the nearest whole step; exponential and beta levels always have it so, as in the reference.</param>
    /// <param name="max">The largest S of a shape; null for the table's.</param>
    /// <param name="min">The smallest S of a shape, above 0; null for the table's.</param>
    /// <exception cref="ArgumentException">A value is outside its range, or the steps are too many for distinct levels.</exception>
    public static Schedule Make(
        NoiseTable table,
        int steps,
        TimestepSpacing spacing = TimestepSpacing.Linspace,
        int stepsOffset = 0,
        SigmaShape shape = SigmaShape.Plain,
        bool endsClean = true,
        double? lambdaMin = null,
        bool cutsTimes = false,
        double? max = null,
        double? min = null)
    {
        ArgumentNullException.ThrowIfNull(table);
        var finite = table.WithFiniteTerminalSnr();
        if (shape == SigmaShape.Plain)
        {
            var clipped = lambdaMin is { } least ? SigmaLookup.ClippedSteps(finite, least) : finite.TrainSteps;
            return Through($"multistep-{spacing.ToString().ToLowerInvariant()}", finite, Timesteps.Multistep(finite.TrainSteps, steps, spacing, stepsOffset, clipped), endsClean);
        }

        var ratios = Sigmas.Between(shape, max ?? finite.SigmaRatios[^1], min ?? finite.SigmaRatios[0], steps);
        var cuts = cutsTimes || shape is SigmaShape.Exponential or SigmaShape.Beta;
        var times = Array.ConvertAll(ratios, s => Whole(SigmaLookup.TimeOf(finite, s), cuts));
        return Of($"multistep-{shape.ToString().ToLowerInvariant()}", times, ratios, endsClean ? 0 : steps > 1 ? ratios[^1] : min ?? finite.SigmaRatios[0]);
    }

    /// <summary>Given training steps of a variance-preserving network.</summary>
    /// <param name="name">Short name for reports.</param>
    /// <param name="table">Noise levels; a zero terminal SNR counts as S = 4096.</param>
    /// <param name="timesteps">At least one, strictly descending, in 0..T − 1.</param>
    /// <param name="endsClean">The last step arrives at the clean sample; else at the first training step's level.</param>
    /// <exception cref="ArgumentException">No timesteps, or they do not descend.</exception>
    public static Schedule Through(string name, NoiseTable table, ReadOnlySpan<long> timesteps, bool endsClean = true)
    {
        ArgumentNullException.ThrowIfNull(table);
        var finite = table.WithFiniteTerminalSnr();
        foreach (var t in timesteps)
        {
            // Beyond the ends a look-up would be flat.
            _ = finite.At(t);
        }

        return Of(name, Array.ConvertAll(timesteps.ToArray(), t => (double)t), Sigmas.Plain(finite, timesteps), endsClean ? 0 : finite.SigmaRatios[0]);
    }

    /// <summary>Levels of a flow.</summary>
    /// <param name="name">Short name for reports.</param>
    /// <param name="sigmas">σ, at least one, strictly descending, above 0 and below 1: for example of <see cref="FlowSigmas"/>.</param>
    /// <param name="end">σ at the end of the last step; null for the last of <paramref name="sigmas"/>, whose step then moves nothing.</param>
    /// <param name="trainSteps">T, at least 1: the network is told the whole part of σ·T.</param>
    /// <exception cref="ArgumentException">Levels are outside their range, or do not descend.</exception>
    public static Schedule Flow(string name, ReadOnlySpan<double> sigmas, double? end = 0, int trainSteps = 1000)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trainSteps, 1);
        RequireDescending(name, sigmas);
        var points = ImmutableArray.CreateBuilder<GridPoint>(sigmas.Length + 1);
        foreach (var sigma in sigmas)
        {
            points.Add(GridPoints.Flow(Math.Truncate(sigma * trainSteps), sigma));
        }

        points.Add(GridPoints.Flow(Math.Truncate((end ?? sigmas[^1]) * trainSteps), end ?? sigmas[^1]));
        return Schedule.Through(name, points.MoveToImmutable(), NetworkClock.Flow);
    }

    private static double Whole(double time, bool cuts) => cuts ? Math.Truncate(time) : Math.Round(time);

    private static Schedule Of(string name, double[] times, double[] ratios, double end)
    {
        RequireDescending(name, ratios);
        return Schedule.Through(name, [.. times.Zip(ratios, GridPoints.VariancePreserving), GridPoints.VariancePreserving(0, end)], NetworkClock.TrainingStep);
    }

    private static void RequireDescending(string name, ReadOnlySpan<double> sigmas)
    {
        if (sigmas.IsEmpty)
        {
            throw new ArgumentException($"Schedule {name} needs at least one noise level.", nameof(sigmas));
        }

        for (var k = 0; k < sigmas.Length; k++)
        {
            // As float32, which they end as.
            if (!((float)sigmas[k] > 0 && (k == 0 || (float)sigmas[k] < (float)sigmas[k - 1])))
            {
                throw new ArgumentException(
                    FormattableString.Invariant($"Schedule {name}: noise levels descend strictly and stay above 0; level {k} is {sigmas[k]}{(k == 0 ? "" : FormattableString.Invariant($" after {sigmas[k - 1]}"))}. Fewer steps may help."),
                    nameof(sigmas));
            }
        }
    }
}
