using Acceleration.Tests.Core;
using Acceleration.Tests.Toys;
using Acceleration.Tool;
using static TorchSharp.torch;

namespace Acceleration.Tests.Guidance;

/// <summary>Guidance and cross-attention up to the gate, one branch and what was kept from it on.</summary>
public sealed class TGateTests : CoreTest
{
    private const int Steps = 8;
    private readonly CrossToy _net = new();

    public TGateTests() => Own(_net);

    private static TGate First(int gate) => new(gate) { SelfEvery = 1 };

    private SamplerBuilder Guided(params IStrategy[] strategies) => strategies.Aggregate(Sampler.For(_net).FlowEuler(Steps, stochastic: true).Guidance(2.5), (b, s) => b.Use(s));

    [Fact]
    public void AGateBehindTheLastStepIsPlainGuidanceBitForBit()
    {
        var (plain, expected) = Toy.Run(Guided().Build(), 2);
        foreach (var gate in new[] { Steps, Steps + 1, 50 })
        {
            var (values, trace) = Toy.Run(Guided(First(gate)).Build(), 2);
            Assert.Equal(plain, values);
            Assert.Equal(expected.MultiplyAdds, trace.MultiplyAdds);
            Assert.Equal(0, trace.PeakCacheBytes);
        }
    }

    [Fact]
    public void FromTheGateOnOneBranchRunsWithoutCrossAttention()
    {
        var (_, trace) = Toy.Run(Guided(First(3)).Build(), 2);
        Assert.Equal([4, 4, 4, 2, 2, 2, 2, 2], trace.Steps.Select(s => s.ComputedRows));
        Assert.Equal([4, 4, 4], _net.RowsOf("blocks.1.cross"));
        Assert.Equal([4, 4, 4, 2, 2, 2, 2, 2], _net.RowsOf("blocks.1.attention"));
        Assert.Equal([false, false, false, true, true, true, true, true], trace.Steps.Select(s => s.Decisions.All(d => d.Skip)));
        Assert.Equal(2 * 16 * 30 * 2, trace.Steps[0].MultiplyAdds);
        Assert.Equal(2 * 16 * 14, trace.Steps[3].MultiplyAdds);
        Assert.Equal(2 * 2 * 16 * 4 * 4, trace.Steps[^1].CacheBytes);
    }

    /// <summary>Against the method by hand: a probe that keeps the mean of both rows in the step before the gate, and single runs of the unconditional branch with it.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TheMeanOfBothHalvesStandsForCrossAttention(bool separate)
    {
        var kept = new Dictionary<string, Tensor>();
        var unconditional = new List<float[]>();
        var latents = Enumerable.Range(0, 4).Select(k => (Count(1, 1, 4, 4) * (0.7 + k)).sin()).ToArray();
        var replay = new Caching.Replay(latents);
        var builder = Sampler.For(_net).Solve(replay, replay.Grid).Guidance(3).Use(First(2));
        replay.Run((separate ? builder.SeparateBranches() : builder).Build());

        var byHand = Probe.Site(Where.CrossAttention, (call, h, next) =>
        {
            var output = next.Invoke(h).Main;
            if (call.Step.Index == 1)
            {
                kept[call.Site.Path] = ((output[1] + output[0]) / 2).unsqueeze(0).DetachFromDisposeScope();
            }

            return call.Step.Index >= 2 ? cat([kept[call.Site.Path], kept[call.Site.Path]], 0) : output;
        });
        var watching = Probe.Site(Where.Network, (_, h, next) =>
        {
            var output = next.Invoke(h);
            unconditional.Add(output.Main[1].Floats());
            return output;
        });
        var guided = new Caching.Replay(latents);
        guided.Run(_net, new ClassifierFreeGuidance(3), byHand, watching);
        foreach (var tensor in kept.Values)
        {
            tensor.Dispose();
        }

        Near(guided.Outputs[0], replay.Outputs[0]);
        Near(guided.Outputs[1], replay.Outputs[1]);
        Near(unconditional[2], replay.Outputs[2]);
        Near(unconditional[3], replay.Outputs[3]);
    }

    [Fact]
    public void WithoutGuidanceTheConditionGoesOnAlone()
    {
        var (values, trace) = Toy.Run(Sampler.For(_net).FlowEuler(Steps).Use(First(2)).Build(), 2);
        Assert.All(values, v => Assert.True(float.IsFinite(v)));
        Assert.All(trace.Steps, s => Assert.Equal(2, s.ComputedRows));
        Assert.Equal([2, 2], _net.RowsOf("blocks.0.cross"));
    }

    [Theory]
    [InlineData(5, 3, 1, 2, new[] { 0, 1, 2, 3, 4, 5, 6, 7 })]
    [InlineData(7, 3, 1, 2, new[] { 0, 1, 2, 3, 6, 7 })]
    [InlineData(7, 5, 1, 1, new[] { 0, 1, 5, 6, 7 })]
    [InlineData(4, 5, 2, 1, new[] { 0, 1, 3, 4, 6 })]
    [InlineData(3, 1, 5, 2, new[] { 0, 1, 2, 5 })]
    public void SelfAttentionHasAnIntervalOnEitherSideOfTheGate(int gate, int before, int after, int warmup, int[] computed)
    {
        var strategy = new TGate(gate) { SelfEvery = before, SelfEveryAfter = after, Warmup = warmup };
        var steps = new List<int>();
        _net.InBody = site =>
        {
            if (site == "network")
            {
                steps.Add(steps.Count);
            }
        };
        Toy.Run(Guided(strategy).Build());
        var ran = new List<int>();
        var step = -1;
        foreach (var call in _net.Calls)
        {
            step += call.Site == "network" ? 1 : 0;
            if (call.Site == "blocks.0.attention")
            {
                ran.Add(step);
            }
        }

        Assert.Equal(computed, ran);
    }

    [Theory]
    [InlineData(3, 1, 1)]
    [InlineData(5, 2, 3)]
    public void BatchesSinglesSeparateBranchesAndSessionsGiveTheSame(int gate, int before, int after)
    {
        IStrategy strategy = new TGate(gate) { SelfEvery = before, SelfEveryAfter = after, Warmup = 1 };
        var sampler = Guided(strategy).Build();
        var (values, _) = Toy.Run(sampler, 3);
        Near(values, Toy.Run(Guided(strategy).SeparateBranches().Build(), 3).Values);
        for (var sample = 0; sample < 3; sample++)
        {
            using var one = Conditioning.Labels(sample);
            using var alone = sampler.Generate(new() { Condition = one, Seed = 5 + sample }, cancellation: TestContext.Current.CancellationToken);
            Near(values[(sample * 16)..((sample + 1) * 16)], alone.Latents.Floats());
        }

        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.session");
        var request = Toy.Request(3);
        using var condition = request.Condition;
        using var session = sampler.Start(request);
        try
        {
            for (var step = 0; step < Steps; step++)
            {
                using (var clone = session.Clone())
                {
                    clone.RunToEnd(cancellation: TestContext.Current.CancellationToken);
                    Assert.Equal(values, clone.Latents.Floats());
                }

                session.Save(path);
                using (var loaded = SamplingSession.Load(sampler, path))
                {
                    loaded.RunToEnd(cancellation: TestContext.Current.CancellationToken);
                    Assert.Equal(values, loaded.Latents.Floats());
                }

                session.Advance(TestContext.Current.CancellationToken);
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void NoRoomAtAllIsPlainGuidanceBitForBit()
    {
        var (plain, _) = Toy.Run(Guided().Build(), 2);
        var (values, trace) = Toy.Run(Guided(new TGate(3) { SelfEvery = 2, SelfEveryAfter = 2 }).CacheBudget(0).Build(), 2);
        Assert.Equal(plain, values);
        Assert.Equal(0, trace.PeakCacheBytes);
    }

    [Fact]
    public void WhatIsGivenBackIsKeptOnceMoreInAGuidedStep()
    {
        var watched = new WatchedStrategy(First(3));
        var request = Toy.Request(2);
        using var condition = request.Condition;
        using var session = Guided(watched).Build().Start(request);
        for (var step = 0; step < Steps; step++)
        {
            if (step == 5)
            {
                watched.Store!.Evict(0);
            }

            session.Advance(TestContext.Current.CancellationToken);
        }

        Assert.Equal([4, 4, 4, 2, 2, 4, 2, 2], session.Trace.Steps.Select(s => s.ComputedRows));
    }

    [Fact]
    public void ItWaitsForSitesThatAnOuterStrategyLeavesOut()
    {
        // Blocks run in steps 0, 3, 6 and 7: nothing is kept in step 1, and the gate is passed behind step 3.
        var (_, trace) = Toy.Run(Guided(First(2), new Cached(Where.Blocks, new Interval(3), How.LastValue)).Build());
        Assert.Equal([2, 2, 2, 2, 1, 1, 1, 1], trace.Steps.Select(s => s.ComputedRows));
        Assert.Equal([2, 2], _net.RowsOf("blocks.0.cross"));
        Assert.Equal([2, 2, 1, 1], _net.RowsOf("blocks.0"));
    }

    [Fact]
    public void EachStageHasAGate()
    {
        var grid = Sampler.For(_net).FlowEuler(4).Build().Stages[0].Grid;
        Stage[] stages = [new([1, 2, 2], grid), new([1, 4, 4], grid)];
        var (_, trace) = Toy.Run(Sampler.For(_net).Solve(new FlowEuler(), stages).Guidance(2).Use(First(2)).Build());
        Assert.Equal([2, 2, 1, 1, 2, 2, 1, 1], trace.Steps.Select(s => s.ComputedRows));
    }

    [Fact]
    public void FurtherBranchesEndAtTheGate()
    {
        var skip = new SkipLayerGuidance(2, Where.Blocks.OnlyBlocks(1)) { Start = 0, Stop = 1 };
        var (_, trace) = Toy.Run(Guided(First(3), skip).Build());
        Assert.Equal([2, 3, 3, 1, 1, 1, 1, 1], trace.Steps.Select(s => s.ComputedRows));
        Assert.Equal(Toy.Run(Guided(First(3)).Build()).Trace.Steps[5].MultiplyAdds, trace.Steps[5].MultiplyAdds);
    }

    [Fact]
    public void AFailureOrACancellationReleasesAll()
    {
        var sampler = Guided(new TGate(3) { SelfEvery = 2, SelfEveryAfter = 2 }).Build();
        Toy.Run(sampler, 2);
        var before = Tensor.TotalCount;
        var bodies = 0;
        _net.InBody = _ => { if (++bodies == 31) { throw new InvalidOperationException("enough"); } };
        Assert.Throws<SamplingException>(() => Toy.Run(sampler, 2));
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void WhatItCannotWorkWithIsRefused()
    {
        using var plain = new ChainToy();
        Assert.Contains("works at 'cross', but chain has no such site", Assert.Throws<StrategyConflictException>(() => Sampler.For(plain).FlowEuler(4).Use(new TGate()).Build()).Message, StringComparison.Ordinal);
        Assert.Contains("both work in the cache phase", Assert.Throws<StrategyConflictException>(() => Guided(new TGate(), new Cached(Where.CrossAttention, new Interval(2), How.LastValue)).Build()).Message, StringComparison.Ordinal);
        Assert.NotNull(Guided(First(3), new Cached(Where.Attention, new Interval(2), How.LastValue)).Build());
        Assert.Throws<ArgumentOutOfRangeException>(() => new TGate(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TGate { SelfEvery = 0 });
        Assert.Equal("TGATE10", new TGate().Tag);
        Assert.Equal("TGATE4sp1fi2w0", new TGate(4) { SelfEvery = 1, SelfEveryAfter = 2, Warmup = 0 }.Tag);
    }
}
