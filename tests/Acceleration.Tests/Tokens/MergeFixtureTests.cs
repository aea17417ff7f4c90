using static TorchSharp.torch;

namespace Acceleration.Tests.Tokens;

/// <summary>The published matchings, index by index.</summary>
public sealed class MergeFixtureTests : TokenTest
{
    [Fact]
    public void ToMeMergesAsPublished()
    {
        using var file = Fixture("tome_bipartite");
        var cases = Cases(file);
        Assert.True(cases.Length >= 6);
        foreach (var c in cases)
        {
            var name = c.GetProperty("name").GetString();
            var (metric, x) = (file.Read($"input.{name}.metric"), file.Read($"input.{name}.x"));
            var plan = c.TryGetProperty("k", out var k)
                ? ToMe.EveryKth(metric, k.GetInt32())
                : ToMe.Plan(metric, c.GetProperty("r").GetInt64(), c.GetProperty("class_token").GetBoolean(), c.GetProperty("distill_token").GetBoolean());

            Near(file, $"output.{name}.merged", () => plan.Reduce(x));
            Near(file, $"output.{name}.merged_amax", () => plan.Reduce(x, MergeReduction.Max));
            Near(file, $"output.{name}.unmerged", () => plan.Expand(plan.Reduce(x)));
            var unit = ones(x.size(0), x.size(1), 1);
            Near(file, $"output.{name}.wavg", () => plan.Average(x, unit).Means);
            Near(file, $"output.{name}.size", () => plan.Average(x, unit).Sizes);
            Near(file, $"output.{name}.size", plan.Sizes);
            Near(file, $"output.{name}.source", () => plan.Reduce(eye(x.size(1)).expand(x.size(0), -1, -1), MergeReduction.Max));

            // Each slot stands for one of its own tokens.
            Assert.Equal(
                arange(plan.Kept.Kept, ScalarType.Int64).expand(x.size(0), -1).contiguous().data<long>().ToArray(),
                plan.Slots.gather(1, plan.Kept.Index).data<long>().ToArray());
        }
    }

    [Fact]
    public void ToMeChoosesThePublishedPairs()
    {
        using var file = Fixture("tome_bipartite");
        foreach (var c in Cases(file).Where(c => c.TryGetProperty("r", out _)))
        {
            var name = c.GetProperty("name").GetString();
            var metric = file.Read($"input.{name}.metric");
            var (special, closed) = (c.GetProperty("class_token").GetBoolean() ? 1 : 0, c.GetProperty("distill_token").GetBoolean() ? 1 : 0);
            var (sources, destinations) = TokenPartition.Every((int)metric.size(1), 2);
            var matching = TokenMatching.Of(metric, sources, destinations, Math.Min(c.GetProperty("r").GetInt64(), (metric.size(1) - special - closed) / 2), special, closed);

            Equal(file, $"probe.{name}.unm_idx", matching.Unmerged);
            Equal(file, $"probe.{name}.src_idx", matching.Merged);
            Equal(file, $"probe.{name}.dst_idx", matching.Targets);
        }
    }

    [Fact]
    public void ToMeSDMergesAsPublished()
    {
        using var file = Fixture("tomesd_random2d");
        var cases = Cases(file);
        Assert.True(cases.Length >= 9);
        foreach (var c in cases)
        {
            int Number(string key) => c.GetProperty(key).GetInt32();
            var name = c.GetProperty("name").GetString();
            var (metric, x) = (file.Read($"input.{name}.metric"), file.Read($"input.{name}.x"));
            var (sources, destinations) = TokenPartition.Cells(Number("h"), Number("w"), Number("sy"), Number("sx"));
            if (Number("r") == 0)
            {
                Near(file, $"output.{name}.merged", () => x);
                continue;
            }

            var (a, b) = (file.Read($"probe.{name}.a_idx"), file.Read($"probe.{name}.b_idx"));
            Assert.Equal(a.data<long>().Order(), sources.data<long>());
            Assert.Equal(b.data<long>().Order(), destinations.data<long>());
            var matching = TokenMatching.Of(metric, sources, destinations, Number("r"));

            // The reference numbers sources and destinations in the order that an unstable sort left them in: compared are the tokens that the numbers stand for.
            Same(a, $"probe.{name}.unm_idx", sources, matching.Unmerged);
            Same(a, $"probe.{name}.src_idx", sources, matching.Merged);
            Same(b, $"probe.{name}.dst_idx", destinations, matching.Targets);
            var plan = matching.Plan();
            var unmerged = file.Read($"probe.{name}.unm_idx");
            var order = plan.Slots.gather(1, cat([a.index_select(0, unmerged.view(-1)).view(unmerged.shape), b.expand(x.size(0), -1)], 1));
            Tensor Ordered(Tensor t, Tensor by) => t.gather(1, by.unsqueeze(2).expand(-1, -1, t.size(2)));
            Near(file, $"output.{name}.merged", () => Ordered(plan.Reduce(x), order));
            Near(file, $"output.{name}.merged_sum", () => Ordered(plan.Reduce(x, MergeReduction.Sum), order));
            Near(file, $"output.{name}.unmerged", () => plan.Expand(plan.Reduce(x)));
            Near(file, $"output.{name}.unmerged_z", () => plan.Expand(Ordered(file.Read($"input.{name}.z"), order.argsort(1))));

            void Same(Tensor theirs, string probe, Tensor ours, Tensor numbers)
            {
                var expected = file.Read(probe);
                Assert.Equal(expected.shape, numbers.shape);
                Assert.True(expected.numel() == 0 || theirs.take(expected).equal(ours.take(numbers)).all().item<bool>(), probe);
            }
        }
    }
}
