using System.Text.Json;

namespace Acceleration.Tool;

/// <summary>Timesteps and noise levels of many schedulers and step counts.</summary>
internal sealed class TimestepGridsCheck : ICheck
{
    private const double Tolerance = 1e-5;
    private static readonly StoredConfig None = new("none", JsonSerializer.SerializeToElement(new { }));

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
            if (!StoredScheduler.Knows(name))
            {
                throw new NotKnownException($"the timesteps of {name} are not known; known are those of {StoredScheduler.Known}.");
            }

            // What a recorded scheduler is read as refuses what is left over.
            var scheduler = StoredScheduler.Of(name, config, None, None, steps);
            var points = StoredSigmas.Asked(scheduler);
            var times = points.Select(p => p.Time);
            var stored = file.Numbers($"output.{key}.timesteps");
            if (file.IsWhole($"output.{key}.timesteps"))
            {
                found.Equal($"{name}, timesteps", key, times, stored);
            }
            else
            {
                found.Relative($"{name}, timesteps, {key}", times, stored, Tolerance, floor: 0.01);
            }

            if (file.Has($"output.{key}.sigmas"))
            {
                found.Relative($"{name}, sigmas, {key}", StoredSigmas.Of(scheduler, points), file.Numbers($"output.{key}.sigmas"), Tolerance);
            }
        }
    }
}
