using System.Text.Json;
using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>Whole DDIM runs by CFG++: clean samples and latents.</summary>
internal sealed class PlusPlusCheck : ICheck
{
    private const double CleanSamples = 1e-5;

    public string Kind => "guidance";

    public string Knows => "CFG++ on DDIM";

    public bool Fits(GoldenFile file) =>
        file.Has("input.alpha_bar") && file.TextOrNull("cases") is not null
        && file.Json("cases") is { ValueKind: JsonValueKind.Array } cases && cases.EnumerateArray().All(c => c.TryGetProperty("lambda", out _));

    public void Run(GoldenFile file, Findings found, CancellationToken cancellation)
    {
        var (grid, start, tolerance) = (AlphaBarGrid.Of(file, found), file.Read("input.sample_unit"), file.Number("recommended_rtol_per_step"));
        foreach (var (i, json) in file.Json("cases").Deserialize<JsonElement[]>()!.Index())
        {
            using var scope = NewDisposeScope();
            var suffix = i == 0 ? "" : $"{i + 1}";
            var settings = new StoredConfig($"case {i + 1}", json);
            var guidance = new ClassifierFreePlusPlusGuidance(settings.Get<double>("lambda"));

            // Notes on how the reference was derived.
            settings.Ignore("case", "second_derivation_max_abs", "third_derivation_max_abs");
            settings.RequireAllRead();
            var (x, clean) = (file.Read($"output{suffix}.x"), file.ReadOrNull($"output64{suffix}.pred_x0"));
            using var network = new TableNetwork(file, PredictionType.Epsilon, start.shape[1..]);
            var solver = new WatchedSolver(new Ddim(), (k, now) =>
            {
                if (clean is not null)
                {
                    found.WithinOfMax("predicted clean sample", $"case {i + 1}, step {k}", now.X0, clean[k], CleanSamples);
                }
            });
            using var condition = Conditioning.None((int)start.size(0));
            using var session = Sampler.For(network).Solve(solver, grid).Use(guidance).Build().Start(new() { Condition = condition, Latents = start });
            found.WithinOfMax("trajectory", $"case {i + 1}, start", session.Latents, x[0], tolerance);
            for (var k = 0; k < grid.Steps; k++)
            {
                session.Advance(cancellation);
                found.WithinOfMax("trajectory", $"case {i + 1}, step {k}", session.Latents, x[k + 1], tolerance);
            }
        }
    }
}
