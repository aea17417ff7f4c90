using System.Text.Json;
using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>ToMeSD's matching on a grid of cells, the first token of each being the destination.</summary>
internal sealed class ToMeSDCheck : ICheck
{
    public string Kind => "tokens";

    public string Knows => "bipartite_soft_matching_random2d(no_rand=True)";

    public bool Fits(GoldenFile file) => file.TextOrNull("function") == "bipartite_soft_matching_random2d(no_rand=True)";

    public void Run(GoldenFile file, Findings found, CancellationToken cancellation)
    {
        var compare = new TokenComparison(file, found);
        compare.EachCase(json => One(file, compare, json), cancellation);
    }

    private static void One(GoldenFile file, TokenComparison compare, JsonElement json)
    {
        var settings = new StoredConfig("case", json);
        var (name, high, wide) = (settings.Get<string>("name"), settings.Get<int>("h"), settings.Get<int>("w"));
        var (strideX, strideY, merge) = (settings.Get<int>("sx"), settings.Get<int>("sy"), settings.Get<int>("r"));
        var (metric, x) = (file.Read($"input.{name}.metric"), file.Read($"input.{name}.x"));
        compare.Shape(name, metric, [settings.Get("batch", metric.size(0)), (long)high * wide, settings.Get("channels", metric.size(2))]);
        settings.RequireAllRead();
        if (merge == 0)
        {
            foreach (var output in new[] { "merged", "merged_sum", "unmerged" })
            {
                compare.Near($"output.{name}.{output}", () => x);
            }

            if (file.ReadOrNull($"input.{name}.z") is { } z)
            {
                compare.Near($"output.{name}.unmerged_z", () => z);
            }

            return;
        }

        var (sources, destinations) = TokenPartition.Cells(high, wide, strideY, strideX);
        var (a, b) = (file.Read($"probe.{name}.a_idx"), file.Read($"probe.{name}.b_idx"));
        compare.Equal($"probe.{name}.a_idx, in order", sources, a.sort().Values);
        compare.Equal($"probe.{name}.b_idx, in order", destinations, b.sort().Values);
        var matching = TokenMatching.Of(metric, sources, destinations, merge);
        Same(a, "unm_idx", sources, matching.Unmerged);
        Same(a, "src_idx", sources, matching.Merged);
        Same(b, "dst_idx", destinations, matching.Targets);
        var plan = matching.Plan();
        var unmerged = file.Read($"probe.{name}.unm_idx");
        var order = plan.Slots.gather(1, cat([a.index_select(0, unmerged.view(-1)).view(unmerged.shape), b.expand(x.size(0), -1)], 1));
        Tensor Ordered(Tensor t, Tensor by) => t.gather(1, by.unsqueeze(2).expand(-1, -1, t.size(2)));
        compare.Near($"output.{name}.merged", () => Ordered(plan.Reduce(x), order));
        compare.Near($"output.{name}.merged_sum", () => Ordered(plan.Reduce(x, MergeReduction.Sum), order));
        compare.Near($"output.{name}.unmerged", () => plan.Expand(plan.Reduce(x)));
        if (file.ReadOrNull($"input.{name}.z") is { } given)
        {
            compare.Near($"output.{name}.unmerged_z", () => plan.Expand(Ordered(given, order.argsort(1))));
        }

        // The reference numbers sources and destinations in the order that an unstable sort left them in: compared are the tokens that the numbers stand for.
        void Same(Tensor theirs, string probe, Tensor ours, Tensor numbers)
        {
            var expected = file.Read($"probe.{name}.{probe}");
            compare.Equal($"probe.{name}.{probe}", Tokens(ours, numbers), Tokens(theirs, expected));
        }

        static Tensor Tokens(Tensor positions, Tensor numbers) => numbers.numel() == 0 ? numbers : positions.take(numbers);
    }
}
