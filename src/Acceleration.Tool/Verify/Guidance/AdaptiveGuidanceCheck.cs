using System.Text.Json;
using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>Whole DDIM runs whose guidance ends by Adaptive Guidance: flags, cosines, evaluations and latents.</summary>
internal sealed class AdaptiveGuidanceCheck : ICheck
{
    public string Kind => "guidance";

    public string Knows => "Adaptive Guidance on DDIM";

    public bool Fits(GoldenFile file) =>
        file.TextOrNull("cases") is not null && file.Has("input.alpha_bar") && file.Names.Any(n => n.StartsWith("output64", StringComparison.Ordinal) && n.EndsWith(".gamma", StringComparison.Ordinal))
        && file.Json("cases") is { ValueKind: JsonValueKind.Array } cases && cases.EnumerateArray().All(c => c.TryGetProperty("gamma_bar", out _));

    public void Run(GoldenFile file, Findings found, CancellationToken cancellation)
    {
        var run = new AdaptiveGuidanceLoop(file, found);
        foreach (var (i, json) in file.Json("cases").Deserialize<JsonElement[]>()!.Index())
        {
            var settings = new StoredConfig($"case {i + 1}", json);
            var guidance = new AdaptiveGuidance(settings.Get<double>("gamma_bar"))
            {
                Space = settings.Entry("metric_space", MetricSpace.X0),
                Tail = settings.Entry("tail", GuidanceTail.Conditional),
                Order = settings.Get("order", 1),
                Consensus = settings.Entry("consensus", Consensus.PerSample),
                Warmup = settings.Get("warmup", 0),
            };
            var (scale, perSample) = (settings.Get<double>("scale"), settings.Get<int[]?>("nfe_per_sample", null));

            // What the flags say already, and notes on how the reference was derived.
            settings.Ignore("case", "trigger_step", "nearest_decision_relative_to_1_minus_gamma_bar", "second_derivation_max_abs", "would_fall_below_again");
            settings.RequireAllRead();
            foreach (var separate in new[] { false, true })
            {
                using var scope = NewDisposeScope();
                run.Compare(i + 1, guidance, scale, perSample, separate, cancellation);
            }
        }
    }
}
