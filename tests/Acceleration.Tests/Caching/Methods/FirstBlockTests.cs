using Acceleration.Tests.Toys;

namespace Acceleration.Tests.Caching.Methods;

public sealed class FirstBlockTests
{
    private const int Steps = 8;

    [Fact]
    public void TheFrontAndTheRearAlwaysRunAndTheMiddleAsOftenAsItIsComputed()
    {
        using var network = new ChainToy(blocks: 5);
        var (_, trace) = Toy.Run(Sampler.For(network).FlowEuler(Steps).Use(new DBCache(1, 2, 1) { Warmup = 1, MaxSkip = 2 }).Build());

        Assert.Equal("CssCssCs", EasyCacheTests.Skips(trace));
        Assert.Equal([Steps, Steps, 3, 3, Steps], Enumerable.Range(0, 5).Select(b => network.CountOf($"blocks.{b}")));
    }

    [Fact]
    public void NoThresholdComputesAllAndAnyChangeIsBelowOne()
    {
        using var network = new ChainToy();
        string Of(CacheMethod method) => EasyCacheTests.Skips(Toy.Run(Sampler.For(network).FlowEuler(Steps).Use(method).Build()).Trace);

        Assert.Equal("CCCCCCCC", Of(new FirstBlockCache(0)));
        Assert.Equal("Csssssss", Of(new FirstBlockCache(1)));
        Assert.Equal("CCCsssss", Of(new DBCache(1, 1) { Warmup = 3 }));
        Assert.Equal("CsssCCCC", Of(new DBCache(1, 1) { Warmup = 0, MaxSkipped = 3 }));
        Assert.Equal("CsssssCC", Of(new FirstBlockCache(1) { Tail = 2 }));
    }

    [Fact]
    public void OfTheWarmUpOneStepInSoManyIsComputedAndTheOthersAreDecidedOn()
    {
        using var network = new ChainToy();
        (float[] Values, Trace Trace) Of(DBCache method) => Toy.Run(Sampler.For(network).FlowEuler(Steps).Use(method).Build());

        Assert.Equal("CsCsCsss", EasyCacheTests.Skips(Of(new DBCache(1, 1) { Warmup = 5, WarmupInterval = 2 }).Trace));
        Assert.Equal("CssCssss", EasyCacheTests.Skips(Of(new DBCache(1, 1) { Warmup = 6, WarmupInterval = 3 }).Trace));
        Assert.Equal(Of(new DBCache(0.1, 1) { Warmup = 0 }).Values, Of(new DBCache(0.1, 1) { Warmup = 5, WarmupInterval = 5 }).Values);
        Assert.Equal(Of(new DBCache(0, 1) { Warmup = 0 }).Values, Of(new DBCache(0, 1) { Warmup = 5, WarmupInterval = 2 }).Values);
        Assert.Throws<ArgumentOutOfRangeException>(() => new DBCache { WarmupInterval = 0 });
    }

    [Fact]
    public void OneBlockAtTheFrontIsFirstBlockCache()
    {
        using var network = new ChainToy();
        float[] Of(CacheMethod method) => Toy.Run(Sampler.For(network).FlowEuler(Steps).Guidance(2).Use(method).Build(), 2).Values;

        Assert.Equal(Of(new FirstBlockCache(0.15)), Of(new DBCache(0.15, 1) { Warmup = 0 }));
    }

    [Fact]
    public void ConstantIncrementsAreExactWhateverRuns()
    {
        using var network = new SiteToy(adds: true, 0.2, -0.1, 0.4, 0.3);
        var builder = Sampler.For(network).FlowEuler(Steps).Guidance(3);
        var (plain, _) = Toy.Run(builder.Build(), 2);

        Close.All(plain, Toy.Run(builder.Use(new DBCache(1, 1, 1) { Warmup = 1 }).Build(), 2).Values);
    }

    [Fact]
    public void AProbeNeedsAChainWhoseFirstBlockRuns()
    {
        using var network = new ChainToy();
        string Refused(IStrategy strategy) => Assert.Throws<StrategyConflictException>(() => Sampler.For(network).FlowEuler(Steps).Use(strategy).Build()).Message;

        Assert.Contains("'network' does not have", Refused(new Cached(Where.Network, new FirstBlocksChange(0.1), How.LastResidual)));
        Assert.Contains("MiddleBlocks(1)", Refused(new Cached(Where.Chain, new FirstBlocksChange(0.1), How.LastResidual)));
        Assert.Contains("nothing is left to skip of the 3 blocks", Refused(new DBCache(0.1, 2, 1)));
    }
}
