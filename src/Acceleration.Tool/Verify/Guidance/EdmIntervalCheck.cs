using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>Runs of EDM's Heun sampler on a preconditioned network whose guidance is limited to some steps.</summary>
internal sealed partial class EdmIntervalCheck : ICheck
{
    private const double Tolerance = 1e-5;
    private const double Relative = 1e-5;

    public string Kind => "guidance";

    public string Knows => "EDM Heun with an interval of steps";

    public bool Fits(GoldenFile file) =>
        file.TextOrNull("solver") is not null && file.TextOrNull("cases") is not null && file.Json("cases") is { ValueKind: JsonValueKind.Array } cases
        && cases.EnumerateArray().All(c => c.TryGetProperty("first_step", out _) && c.TryGetProperty("last_step_inclusive", out _));

    public void Run(GoldenFile file, Findings found, CancellationToken cancellation)
    {
        var size = file.Shape("input.sample_unit").Skip(1).ToArray();
        var grid = Levels(file).On(RecordedNetwork.Info(PredictionType.Preconditioned, size));
        found.Relative("sigmas", grid.Points.Append(grid.Targets[^1]).Select(p => (double)p.Sigma), file.Numbers("output64.sigmas"), Relative);
        foreach (var (i, json) in file.Json("cases").Deserialize<JsonElement[]>()!.Index())
        {
            using var scope = NewDisposeScope();
            var settings = new StoredConfig($"case {i + 1}", json);
            var (first, last) = (settings.Get<int>("first_step"), settings.Get<int>("last_step_inclusive"));
            var (scale, total) = (settings.Get<double>("scale"), settings.Get<double?>("total_evaluations", null));
            var (high, low) = (settings.Get<double?>("sigma_first", null), settings.Get<double?>("sigma_last", null));
            settings.Ignore("case", "second_derivation_max_rel");
            settings.RequireAllRead();
            if (high is { } from && low is { } to)
            {
                found.Relative("noise levels of the interval", [grid.Points[first].Sigma, grid.Points[last].Sigma], [from, to], Relative);
            }

            Compare(file, found, grid, i == 0 ? "" : $"{i + 1}", [new ClassifierFreeGuidance(scale), GuidanceInterval.Steps(first, last)], total, cancellation);
        }
    }

    private static void Compare(GoldenFile file, Findings found, Schedule grid, string suffix, IStrategy[] strategies, double? total, CancellationToken cancellation)
    {
        var (x, where) = (file.Read($"output64{suffix}.x"), $"case {(suffix.Length == 0 ? "1" : suffix)}");
        var (active, evaluations, samples) = (file.Whole($"output{suffix}.active"), file.Whole($"output{suffix}.evaluations"), (int)x.size(1));
        var solver = new FollowedSolver(new EdmHeun(), grid, (_, _, _) => { });
        using var network = new TableNetwork(file, PredictionType.Preconditioned, x.shape[2..], solver.NumberOf);
        using var condition = Conditioning.None(samples);
        using var start = file.Read("input.sample_unit") * grid.InitialNoiseScale;
        using var session = strategies.Aggregate(Sampler.For(network).Solve(solver, grid), (b, s) => b.Use(s)).Build().Start(new() { Condition = condition, Latents = start });
        found.WithinOfMax("trajectory", $"{where}, start", session.Latents, x[0], Tolerance);
        for (var k = 0; k < grid.Steps; k++)
        {
            session.Advance(cancellation);
            found.WithinOfMax("trajectory", $"{where}, step {k}", session.Latents, x[k + 1], Tolerance);
        }

        foreach (var (step, _, call) in SolverStep.Calls(grid, solver))
        {
            var counts = network.In(call, samples);
            found.Equal("evaluations", $"{where}, call {call}", counts, Enumerable.Repeat(evaluations[call], samples));
            found.Equal("active", $"{where}, step {step}", [counts[0] > 1 ? 1L : 0], [active[step]]);
        }

        if (total is { } sum)
        {
            found.Relative("total evaluations", [session.Trace.Evaluations], [sum], 0);
        }
    }

    /// <summary>The sampler is told in words.</summary>
    private static EdmGrid Levels(GoldenFile file)
    {
        var match = Words().Match(file.Text("solver"));
        return match.Success
            ? new(file.Count("num_inference_steps")) { Largest = Number("max"), Smallest = Number("min"), Rho = Number("rho"), SigmaData = file.Number("sigma_data") }
            : throw new NotKnownException($"the sampler '{file.Text("solver")}' is not known yet; known is 'EDM Heun, sigma 80..0.002, rho 7, no churn, last step Euler' with other numbers.");

        double Number(string name) => double.Parse(match.Groups[name].Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"^EDM Heun, sigma (?<max>\d+(\.\d+)?)\.\.(?<min>\d+(\.\d+)?), rho (?<rho>\d+(\.\d+)?), no churn, last step Euler$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Words();
}
