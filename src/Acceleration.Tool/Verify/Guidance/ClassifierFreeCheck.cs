using System.Text.Json;
using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>Combinations of recorded conditional and unconditional predictions.</summary>
internal sealed class ClassifierFreeCheck : ICheck
{
    private const double Floor = 1e-3;
    private const double Exact = 1e-11;

    public string Kind => "guidance";

    public string Knows => $"{StoredGuider.ClassifierFree}";

    public bool Fits(GoldenFile file) => file.TextOrNull("layout") is not null && file.TextOrNull("guider_class") == StoredGuider.ClassifierFree;

    public void Run(GoldenFile file, Findings found, CancellationToken cancellation)
    {
        file.Ignore("input.cond", "input.uncond");
        foreach (var (i, json) in file.Json("cases").Deserialize<JsonElement[]>()!.Index())
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var suffix = i == 0 ? "" : $"{i + 1}";
            var settings = new StoredConfig($"case {i + 1}", json);
            try
            {
                var scale = StoredGuider.Scale(settings.Inner("config"));
                RequireWholeRun(file, settings);
                settings.Ignore("case", "config_given", "f32_vs_f64_max_rel", "label", "output_max_abs", "num_inference_steps");
                var tolerance = double.Parse(settings.Get("recommended_rtol", file.Text("recommended_rtol")), System.Globalization.CultureInfo.InvariantCulture);
                settings.RequireAllRead();
                Combine(file, found, new(i + 1, suffix, scale, ScalarType.Float32, tolerance, $"output{suffix}.pred", Counted: true));
                if (file.Has($"output64{suffix}.pred"))
                {
                    Combine(file, found, new(i + 1, suffix, scale, ScalarType.Float64, Exact, $"output64{suffix}.pred", Counted: false));
                }
            }
            catch (NotKnownException e)
            {
                // The other cases can be compared all the same.
                found.Refuse(e.Message);
                file.Ignore($"output{suffix}.pred", $"output{suffix}.num_conditions", $"output{suffix}.active.cfg");
            }
        }
    }

    /// <summary>Which steps are guided depends on their number, and that only with an interval.</summary>
    private static void RequireWholeRun(GoldenFile file, StoredConfig settings)
    {
        var steps = file.Shape("input.cond")[0];
        if (settings.Get("num_inference_steps", steps) < steps)
        {
            throw file.Wrong($"a case has fewer steps than the {steps} that are stored.");
        }
    }

    private static void Combine(GoldenFile file, Findings found, GuidanceCase c)
    {
        Tensor[] branches = [file.Read("input.cond", c.DType), file.Read("input.uncond", c.DType)];
        var (steps, samples) = ((int)branches[0].size(0), (int)branches[0].size(1));
        var expected = file.Read(c.Output);
        var seen = new double[samples];
        var solver = new RecordedSolver(zeros_like(branches[0]), (k, now) =>
        {
            for (var b = 0; b < samples; b++)
            {
                found.WithinOfMax(c.DType == ScalarType.Float32 ? "prediction" : "prediction in float64", $"case {c.Number}, step {k}, sample {b}", now.Output[b], expected[k][b], c.Tolerance, Floor);
            }
        });
        using var network = Denoiser.From(
            RecordedNetwork.Info(PredictionType.Flow, branches[0].shape[2..], c.DType), (_, _, _, e) => stack([.. e.Rows.Select(r => branches[r.Branch][e.Step.Index][r.Sample])], 0));
        using var condition = Conditioning.None(samples);
        using var result = Sampler.For(network).Solve(solver, solver.Grid).Guidance(c.Scale).Build().Generate(new() { Condition = condition, Latents = zeros_like(branches[0][0]) });
        if (c.Counted)
        {
            var conditions = result.Trace.Steps.Select(s => (long)s.ComputedRows / samples).ToArray();
            found.Equal("num_conditions", $"case {c.Number}", conditions, file.Whole($"output{c.Suffix}.num_conditions"));
            found.Equal("active steps", $"case {c.Number}", conditions.Select(n => n > 1 ? 1L : 0), file.Whole($"output{c.Suffix}.active.cfg"));
        }
    }
}
