using System.Text.Json;

namespace Acceleration.Tool;

/// <summary>Timesteps and noise levels of many schedulers and step counts.</summary>
internal sealed class TimestepGridsCheck : ICheck
{
    private const double Tolerance = 1e-5;

    public string Kind => "schedulers";

    public string Knows => "timestep grids";

    public bool Fits(GoldenFile file) =>
        file.TextOrNull("num_inference_steps") is null && file.TextOrNull("cases") is not null && file.Json("cases") is { ValueKind: JsonValueKind.Array } cases
        && cases.EnumerateArray().All(c => c.TryGetProperty("class", out _) && c.TryGetProperty("n", out _));

    public void Run(GoldenFile file, Findings found, CancellationToken cancellation)
    {
        foreach (var json in file.Json("cases").EnumerateArray())
        {
            var settings = new StoredConfig("case", json);
            var (key, name, steps) = (settings.Get<string>("key"), settings.Get<string>("class"), settings.Get<int>("n"));
            var config = settings.Inner("config");
            settings.RequireAllRead();
            var (times, sigmas) = Grid(name, config, steps);
            config.RequireAllRead();
            var stored = file.Numbers($"output.{key}.timesteps");
            if (file.IsWhole($"output.{key}.timesteps"))
            {
                found.Equal($"{name}, timesteps", key, times, stored);
            }
            else
            {
                found.Relative($"{name}, timesteps, {key}", times, stored, Tolerance);
            }

            if (sigmas is not null && file.Has($"output.{key}.sigmas"))
            {
                found.Relative($"{name}, sigmas, {key}", sigmas, file.Numbers($"output.{key}.sigmas"), Tolerance);
            }
        }
    }

    private static (IEnumerable<double> Times, IEnumerable<double>? Sigmas) Grid(string scheduler, StoredConfig config, int n)
    {
        if (StoredScheduler.Knows(scheduler))
        {
            var made = StoredScheduler.Made(scheduler, config);
            var grid = made.Schedule(n);
            config.Ignore([.. config.Keys]);
            return (grid.Points.Select(p => p.Time), StoredSigmas.Of(grid, grid.Points));
        }

        var table = config.NoiseTable();
        var offset = config.Get("steps_offset", 0);
        switch (scheduler)
        {
            case "DDPMScheduler":
                return (Doubles(Timesteps.Ddim(table.TrainSteps, n, config.Spacing("leading"), offset)), null);
            case "EulerDiscreteScheduler":
                var times = Timesteps.Euler(table.TrainSteps, n, config.Spacing("linspace"), offset);
                return (times, Sigmas.Plain<double>(table, times).Append(0));
            case "LCMScheduler":
                return (Doubles(LcmTimesteps.Make(table.TrainSteps, n)), null);
            default:
                throw new NotKnownException($"the timesteps of {scheduler} are not known yet.");
        }
    }

    private static IEnumerable<double> Doubles(long[] values) => values.Select(v => (double)v);
}
