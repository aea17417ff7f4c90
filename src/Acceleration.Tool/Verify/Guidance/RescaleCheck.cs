using System.Globalization;
using System.Text.Json;
using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>The rescale of guided predictions alone, whatever made them.</summary>
internal sealed class RescaleCheck : ICheck
{
    private const double Exact = 1e-11;

    public string Kind => "guidance";

    public string Knows => "rescale_noise_cfg";

    public bool Fits(GoldenFile file) => file.TextOrNull("function") == "rescale_noise_cfg";

    public void Run(GoldenFile file, Findings found, CancellationToken cancellation)
    {
        foreach (var (i, json) in file.Json("cases").Deserialize<JsonElement[]>()!.Index())
        {
            cancellation.ThrowIfCancellationRequested();
            var suffix = i == 0 ? "" : $"{i + 1}";
            var settings = new StoredConfig($"case {i + 1}", json);
            var phis = settings.Get<double[]>("phis");
            settings.Ignore("case", "shape");
            settings.RequireAllRead();
            foreach (var phi in phis)
            {
                // As Python writes a float.
                var name = string.Create(CultureInfo.InvariantCulture, $"phi_{phi:0.0##############}");
                Compare(file, found, (suffix, $"output{suffix}.{name}", phi), ScalarType.Float32, file.Number("recommended_rtol"));
                if (file.Has($"output64{suffix}.{name}"))
                {
                    Compare(file, found, (suffix, $"output64{suffix}.{name}", phi), ScalarType.Float64, Exact);
                }
            }
        }
    }

    private static void Compare(GoldenFile file, Findings found, (string Suffix, string Output, double Phi) c, ScalarType type, double tolerance)
    {
        using var scope = NewDisposeScope();
        var (cond, guided, expected) = (file.Read($"input{c.Suffix}.cond", type), file.Read($"input{c.Suffix}.guided", type), file.Read(c.Output));
        var solver = new RecordedSolver(zeros([1, .. cond.shape], type), (_, now) =>
        {
            for (var b = 0; b < expected.size(0); b++)
            {
                found.WithinOfMax(type == ScalarType.Float32 ? "rescaled" : "rescaled in float64", $"{c.Output}, sample {b}", now.Output[b], expected[b], tolerance);
            }
        });
        using var network = Denoiser.From(RecordedNetwork.Info(PredictionType.Flow, cond.shape[1..], type), (_, _, _) => cond);
        using var condition = Conditioning.None((int)cond.size(0));
        using var _ = Sampler.For(network).Solve(solver, solver.Grid).Use(new RecordedCombiner(guided)).Use(new GuidanceRescale(c.Phi)).Build()
            .Generate(new() { Condition = condition, Latents = zeros_like(cond) });
    }
}
