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
            var at = scheduler.Table?.At((long)times[row]) ?? scheduler.Grid.Points.MinBy(p => Math.Abs(p.Time - times[row]));
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
}
