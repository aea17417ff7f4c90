using Acceleration.Tests.Docs;
using Acceleration.Tests.Toys;

namespace Acceleration.Tests.Caching.When;

/// <summary>A decision that leaves no step of a run to skip says so when the sampler is built, and with that reason afterwards.</summary>
public sealed class NeverActingTests
{
    [Fact]
    public void FewerStepsThanWarmUpAndTail()
    {
        Assert.Equal("turn0.05 never acts: its first and last steps, which are computed whatever is measured, are all 5 steps of the run.", Advice(5, new TurnCache()));
        Assert.Null(Advice(6, new TurnCache()));
        Assert.Contains("all 3 steps", Advice(3, new EasyCache(0.1)), StringComparison.Ordinal);
        Assert.Contains("of 6 steps every3w6 computes every one", Advice(6, new Cached(Where.Chain, new Interval(3, 6), How.LastValue)), StringComparison.Ordinal);
    }

    /// <summary>A setting that skips nothing by intent needs no word.</summary>
    [Fact]
    public void WhatIsTurnedOffIsNotNamed()
    {
        Assert.Null(Advice(6, new Cached(Where.Chain, new Interval(1), How.LastValue)));
        Assert.Null(Advice(10, new EasyCache(0)));
    }

    [Fact]
    public void TheTraceGivesTheReason()
    {
        using var network = new ChainToy();
        var (_, trace) = Toy.Run(Sampler.For(network).FlowEuler(5).Use(new TurnCache()).Build());
        Assert.Contains("all 5 steps of the run", Assert.Single(trace.Idle).ToString(), StringComparison.Ordinal);
    }

    private static string? Advice(int steps, IStrategy strategy)
    {
        using var network = new ChainToy();
        return Sampler.For(network).FlowEuler(steps).Use(strategy).Build().Advice.SingleOrDefault(a => a.Contains("never acts", StringComparison.Ordinal));
    }
}
