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
            var at = Level(scheduler, times[row]);
            var noised = Stage.AddNoise(clean[row], noise[row], at);
            found.WithinOfMax("noised samples", $"row {row}", noised, expected[row], Tolerance);
            if (velocity is not null)
            {
                var v = velocity[row];
                found.WithinOfMax("clean sample of a velocity", $"row {row}", Conversions.X0(v, PredictionType.Velocity, noised, at), clean[row], Tolerance);
                found.WithinOfMax("noise of a velocity", $"row {row}", Conversions.Epsilon(v, PredictionType.Velocity, noised, at), noise[row], Tolerance);
            }
        }
    }

    /// <summary>The level of a step of the run, the second of two that share a time; else the one of training, or the nearest.</summary>
    private static GridPoint Level(StoredScheduler scheduler, double time)
    {
        GridPoint[] ofRun = [.. scheduler.Grid.Points.Where(p => p.Time == time).Take(2)];
        return ofRun.Length > 0 ? ofRun[^1]
            : scheduler.Table?.At((long)time) ?? scheduler.Grid.Points.MinBy(p => Math.Abs(p.Time - time));
    }
}
