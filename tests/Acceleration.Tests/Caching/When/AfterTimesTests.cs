namespace Acceleration.Tests.Caching;

public sealed class AfterTimesTests
{
    [Fact]
    public void StepsAfterTheNearestToEachTimeAreSkipped()
    {
        // Times 1000, 900, ... 100.
        Assert.Equal([0, 1, 2, 5, 6, 9], new AfterTimes([810, 390], 2).Computed(10));
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], new AfterTimes([810], 0).Computed(10));
        // A listed time is computed, though the one before would skip it; the last reaches to the end.
        Assert.Equal([0, 1, 3, 5, 7, 8], new AfterTimes([900, 700, 500, 200], 1).Computed(10));
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7], new AfterTimes([300], 5).Computed(10));
        Assert.Throws<ArgumentException>(() => new AfterTimes([], 2));
    }

    [Fact]
    public void FeedForwardPartsOfTheFirstBlocksAreRepeatedAfterListedTimes()
    {
        using var network = new SiteToy(adds: false, 0.3, -0.2, 0.4);
        Sampler With(CacheMethod method) => Sampler.For(network).FlowEuler(10).Use(method).Build();
        var (plain, _) = Toys.Toy.Run(With(new PyramidAttentionBroadcast(1)));
        network.Calls.Clear();
        var (values, _) = Toys.Toy.Run(With(new PyramidAttentionBroadcast(1) { FeedForward = [800, 400], FeedForwardBlocks = 2 }));

        Close.All(plain, values);
        Assert.Equal([6, 6, 10], Enumerable.Range(0, 3).Select(b => network.CountOf($"blocks.{b}.ff")));
        Assert.Equal([6, 6, 10], Enumerable.Range(0, 3).Select(b => network.CountOf($"blocks.{b}.ff.gated")));
        network.Calls.Clear();
        Toys.Toy.Run(With(new PyramidAttentionBroadcast(1) { Gated = false, FeedForward = [800], FeedForwardSteps = 3, FeedForwardBlocks = 1 }));
        Assert.Equal((7, 10, 10), (network.CountOf("blocks.0.ff"), network.CountOf("blocks.0.ff.gated"), network.CountOf("blocks.1.ff")));
    }
}
