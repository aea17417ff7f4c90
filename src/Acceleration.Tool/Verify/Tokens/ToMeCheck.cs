using System.Text.Json;
using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>ToMe's bipartite matchings: pairs, merged and unmerged tokens.</summary>
internal sealed class ToMeCheck : ICheck
{
    public string Kind => "tokens";

    public string Knows => "bipartite_soft_matching, kth_bipartite_soft_matching";

    public bool Fits(GoldenFile file) =>
        (file.TextOrNull("function")?.StartsWith("bipartite_soft_matching(", StringComparison.Ordinal) == true || file.TextOrNull("function")?.StartsWith("kth_bipartite_soft_matching", StringComparison.Ordinal) == true);

    public void Run(GoldenFile file, Findings found, CancellationToken cancellation)
    {
        var compare = new TokenComparison(file, found);
        compare.EachCase(json => One(file, compare, json), cancellation);
    }

    private static void One(GoldenFile file, TokenComparison compare, JsonElement json)
    {
        var settings = new StoredConfig("case", json);
        var name = settings.Get<string>("name");
        var (metric, x) = (file.Read($"input.{name}.metric"), file.Read($"input.{name}.x"));
        compare.Shape(name, metric, [settings.Get("batch", metric.size(0)), settings.Get("tokens", metric.size(1)), settings.Get("channels", metric.size(2))]);
        MergePlan plan;
        if (settings.Has("k"))
        {
            settings.Expect("function", "kth_bipartite_soft_matching");
            plan = ToMe.EveryKth(metric, settings.Get<int>("k"));
        }
        else
        {
            settings.Expect("function", "bipartite_soft_matching");
            var (merge, classToken, distillToken) = (settings.Get<long>("r"), settings.Get("class_token", false), settings.Get("distill_token", false));
            plan = ToMe.Plan(metric, merge, classToken, distillToken);
            Pairs(compare, name, metric, merge, classToken ? 1 : 0, distillToken ? 1 : 0);
        }

        settings.RequireAllRead();
        compare.Near($"output.{name}.merged", () => plan.Reduce(x));
        compare.Near($"output.{name}.merged_amax", () => plan.Reduce(x, MergeReduction.Max));
        compare.Near($"output.{name}.unmerged", () => plan.Expand(plan.Reduce(x)));
        var unit = ones(x.size(0), x.size(1), 1);
        compare.Near($"output.{name}.wavg", () => plan.Average(x, unit).Means);
        compare.Near($"output.{name}.size", () => plan.Average(x, unit).Sizes);
        compare.Near($"output.{name}.size", plan.Sizes);
        compare.Near($"output.{name}.source", () => plan.Reduce(eye(x.size(1)).expand(x.size(0), -1, -1), MergeReduction.Max));
    }

    /// <summary>Which tokens were merged into which.</summary>
    private static void Pairs(TokenComparison compare, string name, Tensor metric, long merge, int special, int closed)
    {
        var (sources, destinations) = TokenPartition.Every((int)metric.size(1), 2);
        var matching = TokenMatching.Of(metric, sources, destinations, Math.Min(merge, (metric.size(1) - special - closed) / 2), special, closed);
        compare.Equal($"probe.{name}.unm_idx", matching.Unmerged);
        compare.Equal($"probe.{name}.src_idx", matching.Merged);
        compare.Equal($"probe.{name}.dst_idx", matching.Targets);
    }
}
