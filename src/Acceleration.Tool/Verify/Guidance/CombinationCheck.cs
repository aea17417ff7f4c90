using System.Globalization;
using System.Text.Json;
using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>Recorded predictions of guidance branches, and what the guiders of the reference made of them.</summary>
internal sealed class CombinationCheck : ICheck
{
    public string Kind => "guidance";

    public string Knows => $"combinations by {StoredGuiders.Known}";

    public bool Fits(GoldenFile file) => file.TextOrNull("layout") is not null && StoredGuiders.Find(file.TextOrNull("guider_class")) is not null;

    public void Run(GoldenFile file, Findings found, CancellationToken cancellation)
    {
        var guider = StoredGuiders.For(file.Text("guider_class"));
        foreach (var (i, json) in file.Json("cases").Deserialize<JsonElement[]>()!.Index())
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var suffix = i == 0 ? "" : $"{i + 1}";
            try
            {
                Case(file, found, guider, new($"case {i + 1}", json), suffix);
            }
            catch (NotKnownException e)
            {
                // The other cases can be compared all the same.
                found.Refuse(e.Message);
                file.Ignore(file.Names.Where(n => n.StartsWith($"output{suffix}.", StringComparison.Ordinal) || n.StartsWith($"probe{suffix}.", StringComparison.Ordinal)));
                file.Ignore(file.Names.Where(n => n.StartsWith("input.", StringComparison.Ordinal)));
            }
        }
    }

    private static void Case(GoldenFile file, Findings found, StoredGuider guider, StoredConfig settings, string suffix)
    {
        var shape = file.Shape("input.cond");
        var guidance = guider.Of(settings.Inner("config"), [.. shape.Skip(2)]);
        var steps = settings.Get("num_inference_steps", (int)shape[0]);
        if (steps < shape[0])
        {
            throw file.Wrong($"case {suffix} has {steps} steps, fewer than the {shape[0]} that are stored.");
        }

        settings.Ignore("case", "config_given", "f32_vs_f64_max_rel", "label", "output_max_abs");
        var tolerance = double.Parse(settings.Get("recommended_rtol", file.Text("recommended_rtol")), CultureInfo.InvariantCulture);
        settings.RequireAllRead();
        file.Ignore(file.Names.Where(n => n.StartsWith($"probe{suffix}.", StringComparison.Ordinal)));
        var run = new CombinationRun(file, found, guidance, suffix, steps);
        run.Compare(ScalarType.Float32, $"output{suffix}.pred", guidance.IsElementwise ? 0 : tolerance, "prediction");
        if (file.Has($"output64{suffix}.pred"))
        {
            run.Compare(ScalarType.Float64, $"output64{suffix}.pred", CombinationRun.Exact, "prediction in float64");
        }
    }
}
