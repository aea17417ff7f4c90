namespace Acceleration.Tool;

/// <summary>Recorded clean samples with noise added, and their velocities.</summary>
internal static class NoisingCheck
{
    private const double Tolerance = 1e-5;

    public static void Run(GoldenFile file, Findings found, StoredScheduler scheduler)
    {
        if (!file.Has("output.add_noise"))
        {
            return;
        }

        var (clean, noise, expected) = (file.Read("input.add_noise.x0"), file.Read("input.add_noise.noise"), file.Read("output.add_noise"));
        var (times, velocity) = (file.Numbers("input.add_noise.timesteps"), file.ReadOrNull("output.velocity"));
        for (var row = 0; row < times.Length; row++)
        {
            var at = scheduler.IsInSigmaSpace ? InSigmaSpace(scheduler, times[row]) : Level(scheduler, times[row]);
            var noised = Stage.AddNoise(clean[row], noise[row], at);
            found.WithinOfMax("noised samples", $"row {row}", noised, expected[row], Tolerance);
            if (velocity is not null)
            {
                // The classes in sigma space look training's levels up by the number of the step.
                var trained = scheduler.IsInSigmaSpace ? scheduler.Table!.At(Nearest(scheduler, times[row])) : at;
                var (v, x) = (velocity[row], scheduler.IsInSigmaSpace ? Stage.AddNoise(clean[row], noise[row], trained) : noised);
                found.WithinOfMax("clean sample of a velocity", $"row {row}", Conversions.X0(v, PredictionType.Velocity, x, trained), clean[row], Tolerance);
                found.WithinOfMax("noise of a velocity", $"row {row}", Conversions.Epsilon(v, PredictionType.Velocity, x, trained), noise[row], Tolerance);
            }
        }
    }

    /// <summary>The level that a class in sigma space has in its list where it has the time in its list of times.</summary>
    private static GridPoint InSigmaSpace(StoredScheduler scheduler, double time) =>
        GridPoints.VarianceExploding(time, StoredSigmas.Of(scheduler, StoredSigmas.Asked(scheduler)).ElementAt(Nearest(scheduler, time)));

    /// <summary>Number of the network call at a time; the second of two that share it.</summary>
    private static int Nearest(StoredScheduler scheduler, double time)
    {
        var calls = StoredSigmas.Asked(scheduler);
        var nearest = Array.FindIndex(calls, p => p == calls.MinBy(c => Math.Abs(c.Time - time)));
        return nearest + 1 < calls.Length && calls[nearest + 1].Time == calls[nearest].Time ? nearest + 1 : nearest;
    }

    /// <summary>The level of a step of the run, the second of two that share a time; else the one of training, or the nearest.</summary>
    private static GridPoint Level(StoredScheduler scheduler, double time)
    {
        GridPoint[] ofRun = [.. scheduler.Grid.Points.Where(p => p.Time == time).Take(2)];
        return ofRun.Length > 0 ? ofRun[^1]
            : scheduler.Table?.At((long)time) ?? scheduler.Grid.Points.MinBy(p => Math.Abs(p.Time - time));
    }
}
