using System.Text.Json;
using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>Runs of a scheduler with and without DualFast, on a closed-form network.</summary>
internal sealed class DualFastCheck : ICheck
{
    private const double Tolerance = 1e-5;

    // Recorded in float64, where ours come from the float32 table of the reference.
    private const double Levels = 1e-4;

    public string Kind => "guidance";

    public string Knows => "DualFast on DDIM, DPM-Solver++ and UniPC";

    public bool Fits(GoldenFile file) =>
        Scheduler(file) is { } name && StoredScheduler.Knows(name) && file.TextOrNull("cases") is not null
        && file.Json("cases") is { ValueKind: JsonValueKind.Array } cases && cases.EnumerateArray().All(c => c.TryGetProperty("c_max", out _) || c.TryGetProperty("c_constant", out _));

    public void Run(GoldenFile file, Findings found, CancellationToken cancellation)
    {
        var config = file.Config("scheduler_config_given");
        var scheduler = StoredScheduler.Of(Scheduler(file)!, config, file.Config("set_timesteps_kwargs"), file.Config("step_kwargs"), file.Count("num_inference_steps"));
        Grid(file, found, scheduler);
        var scale = file.TextOrNull("guidance_scale") is null or "null" ? 1 : file.Number("guidance_scale");
        if (file.Has("output64.base_x"))
        {
            Compare(file, found, scheduler, scale, new("without", file.Read("output64.base_x"), null, null), cancellation);
        }

        foreach (var (i, json) in file.Json("cases").Deserialize<JsonElement[]>()!.Index())
        {
            using var scope = NewDisposeScope();
            var suffix = i == 0 ? "" : $"{i + 1}";
            var settings = new StoredConfig($"case {i + 1}", json);
            var mix = Mix(settings);
            settings.Ignore("case", "c_zero_vs_diffusers_max_abs", "effect_max_abs", "second_derivation_max_abs", "c_schedule");
            settings.RequireAllRead();
            Compare(file, found, scheduler, scale, new($"case {i + 1}", file.Read($"output64{suffix}.x"), file.ReadOrNull($"output64{suffix}.epsilon"), mix), cancellation);
        }
    }

    private static string? Scheduler(GoldenFile file) => file.TextOrNull("base_solver")?.Split(' ')[0];

    private static DualFast Mix(StoredConfig settings)
    {
        var (most, constant) = (settings.Get<double?>("c_max", null), settings.Get<double?>("c_constant", null));
        var (tau, lag) = (settings.Get("tau", "Previous"), settings.Get<int?>("lag", null));
        return (most, constant) is (null, null) or (not null, not null)
            ? throw new NotKnownException("one of c_max and c_constant says how much is mixed in.")
            : new((most ?? constant)!.Value)
            {
                Course = constant is null ? MixWeight.Rising : MixWeight.Constant,
                Lag = tau switch
                {
                    "Previous" => 1,
                    "First" => null,
                    "Lag" => lag ?? throw new NotKnownException("tau = Lag does not say its lag."),
                    _ => throw new NotKnownException($"tau = {tau} is not known yet. Known are Previous, First, Lag."),
                },
                Part = settings.Choice("form", "leading_only", ("leading_only", MixedPart.Leading), ("replace_all", MixedPart.All), ("m0_everywhere", MixedPart.Newest)),
            };
    }

    private static void Grid(GoldenFile file, Findings found, StoredScheduler scheduler)
    {
        var points = scheduler.Grid.Points;
        found.Equal("timesteps", "", points.Select(p => p.Time), file.Numbers("output.timesteps"));
        var all = points.Append(scheduler.Grid.Targets[^1]);
        if (file.Has("input.alpha_bar"))
        {
            found.Relative("alpha_bar", all.Select(p => (double)p.Alpha * p.Alpha), file.Numbers("input.alpha_bar"), Levels);
        }

        if (file.Has("input.sigmas"))
        {
            found.Relative("sigmas", StoredSigmas.Of(scheduler, points), file.Numbers("input.sigmas"), Levels);
        }
    }

    private static void Compare(GoldenFile file, Findings found, StoredScheduler scheduler, double scale, Expected expected, CancellationToken cancellation)
    {
        var (grid, x) = (scheduler.Grid, expected.Latents);
        using var network = new TableNetwork(file, scheduler.Type, x.shape[2..]);
        using var condition = Conditioning.None((int)x.size(1));
        using var start = file.Read("input.sample_unit") * grid.InitialNoiseScale;
        var builder = Sampler.For(network).Solve(scheduler.Solver, grid, scheduler.Clip).Use(new NoiseListener((k, noise) =>
        {
            if (expected.Noise is { } recorded)
            {
                found.WithinOfMax("noise of the network", $"{expected.Name}, step {k}", noise, recorded[k], Tolerance);
            }
        }));
        builder = scale == 1 ? builder : builder.Guidance(scale);
        using var session = (expected.Mix is null ? builder : builder.Use(expected.Mix)).Build().Start(new() { Condition = condition, Latents = start });
        found.WithinOfMax("trajectory", $"{expected.Name}, start", session.Latents, x[0], Tolerance);
        for (var k = 0; k < grid.Steps; k++)
        {
            session.Advance(cancellation);
            found.WithinOfMax(expected.Mix is null ? "trajectory without" : "trajectory", $"{expected.Name}, step {k}", session.Latents, x[k + 1], Tolerance);
        }

        found.Relative("evaluations", [session.Trace.Evaluations], [grid.Steps * (scale == 1 ? 1 : 2)], 0);
    }

    private sealed record Expected(string Name, Tensor Latents, Tensor? Noise, DualFast? Mix);
}
