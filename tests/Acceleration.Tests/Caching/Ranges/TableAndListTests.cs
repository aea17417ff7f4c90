using Acceleration.Tests.Toys;

namespace Acceleration.Tests.Caching;

/// <summary>Ranges of blocks from a table of steps, and blocks by their numbers.</summary>
public sealed class TableAndListTests
{
    private const int Steps = 10;

    [Fact]
    public void EachEntryHoldsUpToTheNext()
    {
        var table = new RangeSteps([new(2, 1, 3), new(5, 0, 2), new(8, 4, 0)]);
        BlockRange[] At(int step) => [.. table.At(Caching.Steps.At(step, Steps), 6)];

        Assert.Empty(At(1));
        Assert.Equal([new(1, 4)], At(2));
        Assert.Equal([new(1, 4)], At(4));
        Assert.Equal([new(0, 2)], At(5));
        Assert.Empty(At(8));
    }

    [Fact]
    public void BlocksRunAsTheTableSays()
    {
        using var network = new ChainToy(blocks: 4);
        var table = new RangeSteps([new(0, 2, 2), new(5, 0, 2), new(8, 0, 0)]);
        Toy.Run(Sampler.For(network).FlowEuler(Steps).Use(new Cached(Where.Chain, new Interval(2), How.LastResidual) { Range = table }).Build());

        // Computed: 0, 2, 4, 6, 8, 9; in 1 and 3 the rear is left out, in 5 and 7 the front.
        Assert.Equal([8, 8, 8, 8], Enumerable.Range(0, 4).Select(b => network.CountOf($"blocks.{b}")));
    }

    [Fact]
    public void ATableOfTheTwoEndsIsDeltaDiT()
    {
        using var network = new ChainToy(blocks: 4);
        float[] Of(IStrategy strategy) => Toy.Run(Sampler.For(network).FlowEuler(Steps).Guidance(2).Use(strategy).Build(), 2).Values;

        // More than five steps are left up to step 4.
        Assert.Equal(
            Of(new DeltaDiT(2, 3, 5)),
            Of(new Cached(Where.Chain, new Interval(2), How.LastResidual) { Range = new RangeSteps([new(0, 1, 3), new(5, 0, 3)]) }));
    }

    [Fact]
    public void ListedBlocksAreLeftOutInRuns()
    {
        BlockRange[] expected = [new(1, 3), new(5, 6), new(7, 10)];
        Assert.Equal(expected, new ListedBlocks([1, 2, 5, 7, 8, 9]).At(Caching.Steps.At(0, Steps), 12));

        using var network = new ChainToy(blocks: 5);
        Toy.Run(Sampler.For(network).FlowEuler(Steps).Use(new Cached(Where.Chain, new Interval(3), How.LastResidual) { Range = new ListedBlocks([1, 3]) }).Build());
        Assert.Equal([Steps, 4, Steps, 4, Steps], Enumerable.Range(0, 5).Select(b => network.CountOf($"blocks.{b}")));
    }

    [Fact]
    public void ConstantIncrementsAreExact()
    {
        using var network = new SiteToy(adds: true, 0.2, -0.1, 0.4, 0.3);
        var builder = Sampler.For(network).FlowEuler(Steps).Guidance(3);
        var (plain, _) = Toy.Run(builder.Build(), 2);
        foreach (var range in new IRangeRule[] { new ListedBlocks([0, 2, 3]), new RangeSteps([new(0, 0, 4), new(3, 1, 2), new(6, 3, 1)]) })
        {
            Close.All(plain, Toy.Run(Sampler.For(network).FlowEuler(Steps).Guidance(3).Use(new Cached(Where.Chain, new Interval(4), How.LastResidual) { Range = range }).Build(), 2).Values);
        }
    }

    [Fact]
    public void WhatDoesNotFitIsRefused()
    {
        using var network = new ChainToy();
        string Refused(IRangeRule range) => Assert.Throws<StrategyConflictException>(() => Sampler.For(network).FlowEuler(Steps).Use(new Cached(Where.Chain, new Interval(2), How.LastResidual) { Range = range }).Build()).Message;

        Assert.Contains("blocks 2..4 from step 5 on reach beyond the 3", Refused(new RangeSteps([new(0, 0, 3), new(5, 2, 2)])), StringComparison.Ordinal);
        Assert.Contains("there is no block 3", Refused(new ListedBlocks([0, 3])), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new RangeSteps([]));
        Assert.Throws<ArgumentException>(() => new RangeSteps([new(3, 0, 1), new(3, 0, 2)]));
        Assert.Throws<ArgumentException>(() => new ListedBlocks([]));
        Assert.Throws<ArgumentException>(() => new ListedBlocks([2, 1]));
    }
}
