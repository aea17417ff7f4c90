using Acceleration.Tests.Core;
using Acceleration.Tests.Tool;
using Acceleration.Tests.Toys;

namespace Acceleration.Tests.Caching.Correction;

/// <summary>Both parts of FasterCache against what they are made of; runs of the reference are with those of other methods.</summary>
public sealed class FasterCacheTests : CoreTest
{
    [Theory]
    [InlineData("tensor_format", "\"BSC\"", "tensor_format")]
    [InlineData("is_guidance_distilled", "true", "is_guidance_distilled")]
    [InlineData("attention_weight_schedule", "[0.1]", "attention_weight_schedule")]
    [InlineData("spatial_attention_timestep_skip_range", "[1]", "are not two numbers")]
    public void ASettingThatIsNotKnownIsRefusedByName(string key, string value, string named)
    {
        var folder = Directory.CreateTempSubdirectory();
        var path = Path.Combine(folder.CreateSubdirectory("caching").FullName, "changed.safetensors");
        File.Copy(Golden.PathOf("caching/wan_weights"), Path.Combine(folder.FullName, "caching", "wan_weights.safetensors"));
        Golden.Copy("caching/fastercache_wan", path, metadata: m =>
        {
            var config = System.Text.Json.Nodes.JsonNode.Parse(m["technique_config"])!.AsObject();
            config[key] = System.Text.Json.Nodes.JsonNode.Parse(value);
            m["technique_config"] = config.ToJsonString();
        });
        var result = Acceleration.Tool.Verification.Of(path, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(Acceleration.Tool.Verdict.Unknown, result.Verdict);
        Assert.Contains(named, result.Reason, StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }

    [Fact]
    public void ItIsTheLinesThatItNames()
    {
        using var network = new ChainToy();
        float[] Run(params IStrategy[] strategies) => Toy.Run(strategies.Aggregate(Sampler.For(network).FlowEuler(12).Guidance(3), (b, s) => b.Use(s)).Build(), 2).Values;
        var line = new How(Quantity.Output, new Damped(0.5) { Undivided = true }, Abscissa.Step);
        Assert.Equal(
            Run(new Cached(Where.Attention, new TimedInterval(2, -1, 681), line), new CfgCache(5)),
            Run(new FasterCache()));
        Assert.Equal(Run(new CfgCache(5)), Run(new FasterCache(1)));
        Assert.Equal(Run(new Cached(Where.Attention, new TimedInterval(2, -1, 681), How.LastValue)), Run(new FasterCache(2, null) { Weight = 0 }));
    }

    [Fact]
    public void ChainedAttentionIsMadeUpOnlyWhereTheOtherBranchIsLeftOut()
    {
        using var network = new ChainToy();
        var (_, trace) = Toy.Run(Sampler.For(network).FlowEuler(12).Guidance(3).Use(new FasterCache(2, 3) { Chained = true }).Build());
        foreach (var step in trace.Steps)
        {
            var window = step.Step.At.Time;
            var (left, own) = (window < 641 && step.Step.Index % 3 != 0, window < 681 && step.Step.Index % 2 != 0);
            Assert.Equal(left, step.Decisions.Single(d => d.Site == "correction").Skip);
            Assert.All(step.Decisions.Where(d => d.Site != "correction"), d => Assert.Equal(left && own, d.Skip));
        }
    }
}
