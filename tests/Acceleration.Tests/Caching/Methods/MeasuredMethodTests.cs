using Acceleration.Tests.Toys;

namespace Acceleration.Tests.Caching.Methods;

/// <summary>TeaCache, DiCache and SpeCa on a transformer whose increments are known.</summary>
public sealed class MeasuredMethodTests
{
    private const int Steps = 12;

    [Theory]
    [InlineData(0.25, 3)]
    [InlineData(0.1, 10)]
    [InlineData(0.3, 1)]
    public void AConstantChangeIsAddedUpToTheThreshold(double change, int every)
    {
        using var network = new ChainToy();
        var (_, trace) = Toy.Run(Sampler.For(network).FlowEuler(Steps).Use(new TeaCache(1, [0, change]) { Tail = 0 }).Build());

        // Skipped while the sum lies below 1: three quarters, nine tenths, three times 0.3.
        var skipped = (int)Math.Ceiling(1 / change) - 1;
        Assert.Equal(string.Concat(Enumerable.Range(0, Steps).Select(i => i % (skipped + 1) == 0 ? 'C' : 's')), EasyCacheTests.Skips(trace));
        Assert.True(every > 0);
    }

    [Fact]
    public void ChangesBelowZeroTakeBackWhatWasSummedUnlessTheyAreClamped()
    {
        Assert.Equal(-0.5, new SignalDrift(1, [1, -1]).Change(0.5));
        Assert.Equal(0, (new SignalDrift(1, [1, -1]) { Clamps = true }).Change(0.5));
        Assert.Equal((2 * 0.5 * 0.5) + (3 * 0.5) + 4, new SignalDrift(1, [2, 3, 4]).Change(0.5));
    }

    [Fact]
    public void ASignalOfTimeAloneDecidesAlikeForEveryPrompt()
    {
        using var network = new ChainToy();
        var (_, trace) = Toy.Run(Sampler.For(network).FlowEuler(Steps).Use(new TeaCache(0.3, [1, 0])).Build(), 3);

        Assert.Equal('C', EasyCacheTests.Skips(trace)[0]);
        Assert.Equal('C', EasyCacheTests.Skips(trace)[^1]);
        Assert.Contains('s', EasyCacheTests.Skips(trace));
    }

    [Fact]
    public void TheProbeOfDiCacheRunsOnceInEachStep()
    {
        using var network = new ChainToy(blocks: 4);
        var (_, trace) = Toy.Run(Sampler.For(network).FlowEuler(Steps).Use(new DiCache(100, 2, 0.25)).Build());

        Assert.Equal("CCCssssssssC", EasyCacheTests.Skips(trace));
        Assert.Equal([Steps, Steps, 4, 4], Enumerable.Range(0, 4).Select(b => network.CountOf($"blocks.{b}")));
    }

    [Fact]
    public void ConstantIncrementsAreExactForAll()
    {
        using var network = new SiteToy(adds: true, 0.2, -0.1, 0.4, 0.3);
        var builder = Sampler.For(network).FlowEuler(Steps).Guidance(3);
        var (plain, _) = Toy.Run(builder.Build(), 2);
        foreach (var method in new CacheMethod[] { new DiCache(100), new DiCache(100) { Difference = true }, new SpeCa(100, Max: 2), new MagCache(10, [1]) })
        {
            using var again = new SiteToy(adds: true, 0.2, -0.1, 0.4, 0.3);
            var (values, trace) = Toy.Run(Sampler.For(again).FlowEuler(Steps).Guidance(3).Use(method).Build(), 2);
            Assert.Contains('s', EasyCacheTests.Skips(trace));
            Close.All(plain, values);
        }
    }

    [Fact]
    public void AForecastThatIsExactIsNeverRejectedAndOneThatIsNotComputesThePresentStep()
    {
        using var constant = new SiteToy(adds: true, 0.2, -0.1);
        var (_, exact) = Toy.Run(Sampler.For(constant).FlowEuler(Steps).Use(new SpeCa(1e-3, Max: 4, Order: 1)).Build());
        Assert.Equal("CCCssssCssss", EasyCacheTests.Skips(exact));

        using var network = new ChainToy();
        var (_, all) = Toy.Run(Sampler.For(network).FlowEuler(Steps).Use(new SpeCa(1e-9, Max: 4, Order: 1)).Build());
        Assert.Equal("CCCCCCCCCCCC", EasyCacheTests.Skips(all));

        // Verified from the second forecast in a row on: every second step is rejected.
        var (_, late) = Toy.Run(Sampler.For(network).FlowEuler(Steps).Use(new SpeCa(1e-9, Max: 4, Order: 1) { Min = 1 }).Build());
        Assert.Equal("CCCsCsCsCsCs", EasyCacheTests.Skips(late));
    }

    [Fact]
    public void ASignalThatNobodyPublishesIsRefusedWhenTheSamplerIsBuilt()
    {
        using var silent = new SiteToy(adds: true);
        using var network = new ChainToy();
        string Refused(IDenoiser on, IStrategy strategy) => Assert.Throws<StrategyConflictException>(() => Sampler.For(on).FlowEuler(Steps).Use(strategy).Build()).Message;

        Assert.Contains("decides on the signal ModulatedInput, which sites does not publish. It publishes: none.", Refused(silent, new TeaCache(0.1, [1, 0])), StringComparison.Ordinal);
        Assert.Contains("'network' is asked before", Refused(network, new Cached(Where.Network, new SignalDrift(0.1, [1, 0]), How.LastResidual)), StringComparison.Ordinal);
    }
}
