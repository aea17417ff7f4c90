using Acceleration.Tests.Toys;

namespace Acceleration.Tests.Caching;

public sealed class DeltaDiTTests
{
    [Fact]
    public void IdentityMapsInTheRangeMakeCachedStepsEqualFullOnes()
    {
        using var network = new SiteToy(adds: true, 0.2, -0.1, 0, 0);
        var builder = Sampler.For(network).FlowEuler(10).Guidance(3);
        var (plain, _) = Toy.Run(builder.Build(), 2);

        var (values, trace) = Toy.Run(builder.Use(new DeltaDiT(3, 2) { End = CachedEnd.Rear }).Build(), 2);

        Assert.Equal(plain, values);
        Assert.True(trace.MultiplyAdds < trace.FullMultiplyAdds);
    }

    [Theory]
    [InlineData(CachedEnd.Switch)]
    [InlineData(CachedEnd.Rear)]
    [InlineData(CachedEnd.Front)]
    public void ConstantIncrementsMakeCachedStepsExact(CachedEnd end)
    {
        using var network = new SiteToy(adds: true, 0.2, -0.1, 0.4);
        var builder = Sampler.For(network).FlowEuler(10, shift: 2).Guidance(3);
        var (plain, _) = Toy.Run(builder.Build(), 2);

        var (values, _) = Toy.Run(builder.Use(new DeltaDiT(3, 2, 5) { End = end }).Build(), 2);

        Close.All(plain, values);
    }

    [Theory]
    [InlineData(2, 1, 3)]
    [InlineData(2, 3, 12)]
    [InlineData(3, 2, 0)]
    [InlineData(3, 4, 7)]
    [InlineData(5, 2, 8)]
    [InlineData(7, 1, 6)]
    public void EvaluatedBlocksAreThoseOfAllStepsLessTheCached(int interval, int cached, int boundary)
    {
        const int Steps = 12;
        using var network = new ChainToy(blocks: 4);
        var sampler = Sampler.For(network).FlowEuler(Steps).Guidance(2).Use(new DeltaDiT(interval, cached, boundary)).Build();

        var (_, trace) = Toy.Run(sampler);

        var skipped = trace.Steps.Count(s => s.Decisions.Single().Skip);
        Assert.Equal(Enumerable.Range(0, Steps - 1).Count(i => i % interval != 0), skipped);
        Assert.Equal((4 * Steps) - (cached * skipped), Enumerable.Range(0, 4).Sum(b => network.CountOf($"blocks.{b}")));
        Assert.Equal(trace.FullMultiplyAdds - (2 * cached * skipped * network.Info.Sites["blocks.0"].Cost.MultiplyAdds(16)), trace.MultiplyAdds, 6);
        Assert.Equal(TestDevice.FiniteReads, trace.HostReads);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(8)]
    [InlineData(9)]
    public void TheRangeMovesToTheFrontExactlyAtTheBoundary(int boundary)
    {
        const int Steps = 9;
        using var network = new ChainToy();
        var request = Toy.Request();
        using var condition = request.Condition;
        using var session = Sampler.For(network).FlowEuler(Steps).Use(new DeltaDiT(4, 1, boundary) { ForceLast = false }).Build().Start(request);

        for (var step = 0; step < Steps; step++)
        {
            network.Calls.Clear();
            session.Advance(TestContext.Current.CancellationToken);
            var left = Steps - step;
            string[] missing = step % 4 == 0 ? [] : left > boundary ? ["blocks.2"] : ["blocks.0"];
            Assert.Equal(missing, Enumerable.Range(0, 3).Select(b => $"blocks.{b}").Where(b => network.CountOf(b) == 0));
        }
    }

    [Theory]
    [InlineData(true, 7)]
    [InlineData(false, 6)]
    public void TheLastStepIsFullUnlessToldOtherwise(bool forceLast, int full)
    {
        using var network = new ChainToy();
        var sampler = Sampler.For(network).FlowEuler(12).Use(new DeltaDiT(2, 3) { ForceLast = forceLast }).Build();
        var (_, trace) = Toy.Run(sampler);
        Assert.Equal(full, network.CountOf("blocks.0"));
        Assert.Equal(!forceLast, trace.Steps[^1].Decisions.Single().Skip);
    }

    [Fact]
    public void TheWholeChainOfTwoStreamsIsCachedMemberByMember()
    {
        using var network = new TwoStreamToy();
        using var condition = TwoStreamToy.Text(2);
        Sampler Make(IStrategy? s) => (s is null ? Sampler.For(network).FlowEuler(8) : Sampler.For(network).FlowEuler(8).Use(s)).Build();
        using var plain = Make(null).Generate(new() { Condition = condition }, cancellation: TestContext.Current.CancellationToken);
        foreach (var blocks in new[] { 1, 2, 3, 4 })
        {
            network.Calls.Clear();
            using var cached = Make(new DeltaDiT(2, blocks, 4)).Generate(new() { Condition = condition }, cancellation: TestContext.Current.CancellationToken);
            Assert.Equal((4 * 8) - (3 * blocks), network.Calls.Count);
            Assert.All(plain.Latents.Floats().Zip(cached.Latents.Floats()), p => Assert.InRange(Math.Abs(p.First - p.Second), 0, 0.5));
            Assert.NotEqual(plain.Latents.Floats(), cached.Latents.Floats());
        }
    }

    [Fact]
    public void MoreBlocksThanTheChainHasAreRefused()
    {
        using var network = new ChainToy();
        var error = Assert.Throws<StrategyConflictException>(Sampler.For(network).FlowEuler(4).Use(new DeltaDiT(2, 4)).Build);
        Assert.Contains("4 blocks cannot be cached in the chain 'blocks' of 3", error.Message);

        using var sealedNetwork = Toy.Affine(1, 0);
        Assert.Contains("no such site", Assert.Throws<StrategyConflictException>(Sampler.For(sealedNetwork).FlowEuler(4).Use(new DeltaDiT(2, 1)).Build).Message);
    }
}
