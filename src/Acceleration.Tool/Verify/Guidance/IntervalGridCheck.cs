using System.Text.Json;

namespace Acceleration.Tool;

/// <summary>Which steps of runs of different length are guided, and which have the extra branch of skip-layer and perturbed-attention guidance.</summary>
internal sealed class IntervalGridCheck : ICheck
{
    public string Kind => "guidance";

    public string Knows => "steps of guidance intervals";

    public bool Fits(GoldenFile file) =>
        file.TextOrNull("rule") is not null && file.TextOrNull("cases") is not null && file.Json("cases") is { ValueKind: JsonValueKind.Array } cases
        && cases.EnumerateArray().All(c => c.TryGetProperty("start", out _) && c.TryGetProperty("stop", out _));

    public void Run(GoldenFile file, Findings found, CancellationToken cancellation)
    {
        foreach (var (i, json) in file.Json("cases").Deserialize<JsonElement[]>()!.Index())
        {
            var settings = new StoredConfig($"case {i + 1}", json);
            var (suffix, steps) = (i == 0 ? "" : $"{i + 1}", settings.Get<int>("num_inference_steps"));
            var (start, stop) = (settings.Get<double>("start"), settings.Get<double>("stop"));
            var (first, end) = (settings.Get<int?>("first", null), settings.Get<int?>("end", null));
            settings.Ignore("case");
            settings.RequireAllRead();
            var evaluated = Evaluated(steps, start, stop, cancellation);
            long[] Active(int branch) => [.. evaluated.Select(e => e.Contains(branch) ? 1L : 0)];
            var guided = Active(Branch.Unconditional);
            found.Equal("guided steps", $"case {i + 1}", guided, file.Whole($"output{suffix}.cfg_active"));
            if (first is not null && end is not null)
            {
                found.Equal("ends of the interval", $"case {i + 1}", guided, Enumerable.Range(0, steps).Select(k => k >= first && k < end ? 1L : 0));
            }

            if (file.Has($"output{suffix}.extra_active"))
            {
                found.Equal("steps with an extra branch", $"case {i + 1}", Active(Branch.SkipLayer), file.Whole($"output{suffix}.extra_active"));
            }
        }
    }

    /// <summary>The branches that the network is asked for in each step.</summary>
    private static HashSet<int>[] Evaluated(int steps, double start, double stop, CancellationToken cancellation)
    {
        var evaluated = Enumerable.Range(0, steps).Select(_ => new HashSet<int>()).ToArray();
        var info = RecordedNetwork.Info(PredictionType.Flow, [1, 1, 1]) with { Sites = Sites() };
        using var network = Denoiser.From(info, (x, _, _, e) =>
        {
            evaluated[e.Step.Index].UnionWith(e.Rows.Select(r => r.Branch));
            return x.alias();
        });
        var builder = Sampler.For(network).FlowEuler(steps).Guidance(2).Use(GuidanceInterval.Share(start, stop)).Use(new SkipLayerGuidance(1, Where.Blocks) { Start = start, Stop = stop });
        using var condition = Conditioning.None(1);
        using var _ = builder.Build().Generate(new() { Condition = condition }, cancellation: cancellation);
        return evaluated;
    }

    /// <summary>A block that can be left out.</summary>
    private static SiteMap Sites()
    {
        var sites = new SiteMap();
        sites.Add(SiteKind.Block, "blocks.0", SiteTraits.ShapePreserving, default);
        return sites;
    }
}
