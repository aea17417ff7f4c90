using Acceleration.Tests.Tool;
using static TorchSharp.torch;

namespace Acceleration.Tests.Tokens;

/// <summary>The published matchings, index by index, and the blocks that merge.</summary>
public sealed class MergeFixtureTests : TokenTest
{
    [Theory]
    [InlineData("tome_bipartite", 6)]
    [InlineData("tomesd_random2d", 9)]
    public void MatchingsAreThePublished(string name, int cases)
    {
        using var file = Fixture(name);
        Assert.True(Cases(file).Length >= cases);
        Golden.Holds($"tokens/{name}", "sizes", "indices", "tokens");
    }

    [Fact]
    public void BlocksThatMergeEqualTheReference() => Golden.Holds("tokens/tome_vit_blocks", "sizes", "tokens");

    [Fact]
    public void EachSlotStandsForOneOfItsOwnTokens()
    {
        using var file = Fixture("tome_bipartite");
        foreach (var c in Cases(file))
        {
            var metric = file.Read($"input.{c.GetProperty("name").GetString()}.metric");
            var plan = c.TryGetProperty("k", out var k)
                ? ToMe.EveryKth(metric, k.GetInt32())
                : ToMe.Plan(metric, c.GetProperty("r").GetInt64(), c.GetProperty("class_token").GetBoolean(), c.GetProperty("distill_token").GetBoolean());

            Assert.Equal(
                arange(plan.Kept.Kept, ScalarType.Int64).expand(metric.size(0), -1).contiguous().data<long>().ToArray(),
                plan.Slots.gather(1, plan.Kept.Index).data<long>().ToArray());
        }
    }
}
