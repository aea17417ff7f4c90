using Acceleration.Tests.Toys;

namespace Acceleration.Tests.Caching.Methods;

/// <summary>Decisions that may skip only what a mask leaves them.</summary>
public sealed class StepMaskTests
{
    private const int Steps = 28;

    private static readonly Dictionary<Scm, string> Published = new()
    {
        [Scm.Slow] = "CCCCCCCCsCCCssCCCssCCssCsssC",
        [Scm.Medium] = "CCCCCCsCCsssCCsssCCsssCCsssC",
        [Scm.Fast] = "CCCCCCsCsssCssssCsssssCssssC",
        [Scm.Ultra] = "CCCCssCsssssCssssssCsssssssC",
    };

    public static TheoryData<Scm> Masks => [.. Published.Keys];

    [Theory]
    [MemberData(nameof(Masks))]
    public void TheStaticPolicySkipsWhatTheMaskLeavesWhateverTheChange(Scm mask)
    {
        using var network = new ChainToy();
        Assert.Equal(Published[mask], Of(network, new DBCache(0, 1) { Mask = mask, Static = true }));
        Assert.Equal(Published[mask], Of(network, new Cached(Where.Network, new RunMask(mask), How.LastValue)));
    }

    [Theory]
    [MemberData(nameof(Masks))]
    public void TheDynamicPolicySkipsOfTheseWhereTheChangeIsSmall(Scm mask)
    {
        using var network = new ChainToy();
        Assert.Equal(Published[mask], Of(network, new DBCache(1, 1) { Mask = mask, Warmup = 0 }));
        Assert.Equal(new string('C', Steps), Of(network, new DBCache(0, 1) { Mask = mask }));
        Assert.Equal("CCCCCCCCCCCC" + Published[mask][12..], Of(network, new DBCache(1, 1) { Mask = mask, Warmup = 12 }));

        var (_, all) = Toy.Run(Sampler.For(network).FlowEuler(Steps).Use(new DBCache(1, 1) { Mask = mask, Warmup = 0 }).Build());
        var changes = all.Steps.SelectMany(s => s.Decisions).Where(d => d.Skip).Select(d => d.Value).Order().ToArray();
        var some = Of(network, new DBCache(changes[changes.Length / 2], 1) { Mask = mask, Warmup = 0 });
        Assert.All(some.Zip(Published[mask]), s => Assert.True(s.First == 'C' || s.Second == 's'));
        Assert.Contains('s', some);
        Assert.NotEqual(Published[mask], some);
    }

    [Fact]
    public void AnyMeasuredDecisionStaysWithinAnySchedule()
    {
        using var network = new ChainToy();
        string Pattern(MeasuredWhen test) => Of(network, new Cached(Where.Network, new Masked(new Interval(3, ForceLast: false), test), How.LastValue));

        Assert.Equal("CCsCssCssCssCssCssCssCssCssC", Pattern(new InputOutputDrift(100, 2)));
        Assert.Equal("CCsCssCssCssCssCssCssCssCssC", Pattern(new InputChange(100, 2)));
        Assert.Equal("CCCCCCCCCCssCssCssCssCssCssC", Pattern(new InputChange(100, 10)));
        Assert.DoesNotContain("ss", Pattern(new InputChange(100, 2) { MaxSkip = 1 }), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatADecisionNeedsTheMaskedOneNeeds()
    {
        using var network = new ChainToy();
        string Refused(Where where, MeasuredWhen test) =>
            Assert.Throws<StrategyConflictException>(() => Sampler.For(network).FlowEuler(Steps).Use(new Cached(where, new Masked(new RunMask(Scm.Slow), test), How.LastResidual)).Build()).Message;

        Assert.Contains("'network' does not have", Refused(Where.Network, new FirstBlocksChange(0.1)), StringComparison.Ordinal);
        Assert.Contains("'network' is asked before", Refused(Where.Network, new SignalDrift(0.1, [1, 0])), StringComparison.Ordinal);
        Assert.Contains("which 'network' is not", Refused(Where.Network, new Stability()), StringComparison.Ordinal);
    }

    [Fact]
    public void ChangesOfSkippedStepsAddUpToALimit()
    {
        using var network = new ChainToy();
        var (_, trace) = Toy.Run(Sampler.For(network).FlowEuler(Steps).Use(new DBCache(1, 1) { Warmup = 1, MaxSummed = 0.4 }).Build());

        var sum = 0.0;
        foreach (var decision in trace.Steps.SelectMany(s => s.Decisions).Skip(1))
        {
            sum += decision.Value;
            Assert.Equal(sum < 0.4, decision.Skip);
            sum = decision.Skip ? sum : 0;
        }

        Assert.Contains("sC", EasyCacheTests.Skips(trace), StringComparison.Ordinal);
        Assert.Contains("ss", EasyCacheTests.Skips(trace), StringComparison.Ordinal);
    }

    private static string Of(IDenoiser network, IStrategy strategy) => EasyCacheTests.Skips(Toy.Run(Sampler.For(network).FlowEuler(Steps).Use(strategy).Build()).Trace);
}
