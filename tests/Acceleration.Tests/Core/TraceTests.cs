using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Core;

/// <summary>
/// Evaluations and multiply-adds, of the toy transformer on 16 tokens: a block costs 30·16 + 2·16² = 992 a row, its attention 672, its feed-forward 192, the
/// rest of the network 80.
/// </summary>
public sealed class TraceTests : CoreTest
{
    private const double Block = 992;
    private const double Attention = 672;
    private const double FeedForward = 192;
    private const double Network = (3 * Block) + 80;
    private const int Steps = 4;
    private readonly ChainToy _net = new();

    public TraceTests() => Own(_net);

    private Trace Run(params IStrategy[] strategies) => Run(2, strategies);

    private Trace Run(int samples, params IStrategy[] strategies) =>
        Toy.Run(strategies.Aggregate(Sampler.For(_net).FlowEuler(Steps), (b, s) => b.Use(s)).Build(), samples).Trace;

    [Fact]
    public void ThePlainRunComputesEverything()
    {
        var trace = Run();
        Assert.Equal((4, 4), (trace.Evaluations, trace.FullEvaluations));
        Assert.Equal(Steps * 2 * Network, trace.MultiplyAdds);
        Assert.Equal(trace.FullMultiplyAdds, trace.MultiplyAdds);
        Assert.All(trace.Steps, s => Assert.Equal((2, 2), (s.Rows, s.ComputedRows)));
        Assert.Equal((TestDevice.FiniteReads, 0L), (trace.HostReads, trace.PeakCacheBytes));
        Assert.True(trace.Seconds > 0);
    }

    [Fact]
    public void GuidanceDoublesIt()
    {
        var trace = Run(new ClassifierFreeGuidance(2));
        Assert.Equal((8, 8), (trace.Evaluations, trace.FullEvaluations));
        Assert.Equal(Steps * 4 * Network, trace.MultiplyAdds);
        Assert.Equal(0.5, trace.ArithmeticSpeedup(Run()));
        Assert.Equal(1, Run(3).ArithmeticSpeedup(Run(1)));
    }

    [Theory]
    [InlineData("prediction")]
    [InlineData("network")]
    public void ASkippedNetworkCostsNothing(string path)
    {
        var trace = Run(new ClassifierFreeGuidance(2), Probe.Site(Where.Path(path), (call, h, next) => call.Step.Index % 2 == 1 ? h : next.Invoke(h)));
        Assert.Equal((4, 8), (trace.Evaluations, trace.FullEvaluations));
        Assert.Equal(trace.FullMultiplyAdds / 2, trace.MultiplyAdds);
        Assert.Equal([4, 0, 4, 0], trace.Steps.Select(s => s.ComputedRows));
    }

    [Fact]
    public void ANetworkOnHalfTheRows()
    {
        var trace = Run(new ClassifierFreeGuidance(2), Probe.Site(Where.Network, (call, h, next) =>
        {
            var conditional = call.Rows.Positions(r => r.Branch == Branch.Conditional);
            var half = next.InvokeRows(h, conditional).Main;
            return cat([half, half], 0);
        }));
        Assert.Equal(4, trace.Evaluations);
        Assert.Equal(trace.FullMultiplyAdds / 2, trace.MultiplyAdds);
    }

    [Fact]
    public void ABlockOnHalfTheRows()
    {
        var trace = Run(Probe.Site(Where.Path("blocks.1"), (call, h, next) => cat([next.InvokeRows(h, [0]).Main, call.Rows.Take(h.Main, [1])], 0)));
        Assert.Equal(trace.FullMultiplyAdds - (Steps * Block), trace.MultiplyAdds);
        Assert.Equal(4, trace.Evaluations);
    }

    [Fact]
    public void ASkippedBlockTakesItsPartsAlong()
    {
        var trace = Run(Probe.Site(Where.Path("blocks.1"), (_, h, _) => h), Probe.Site(Where.FeedForward, (_, h, next) => next.Invoke(h)));
        Assert.Equal(trace.FullMultiplyAdds - (Steps * 2 * Block), trace.MultiplyAdds);
    }

    [Fact]
    public void AFeedForwardOnHalfTheTokens()
    {
        var kept = new TokenSelection(16, arange(0, 16, 2, ScalarType.Int64, TestDevice.Current));
        var trace = Run(Probe.Site(Where.FeedForward, (_, h, next) => next.InvokeTokens(kept.Take(h.Main, 1), kept).Main.repeat_interleave(2, 1), HookPhase.Tokens));
        Assert.Equal(trace.FullMultiplyAdds - (Steps * 2 * 3 * FeedForward / 2), trace.MultiplyAdds);
    }

    [Fact]
    public void AttentionOnHalfTheTokensSavesThreeQuartersOfItsPairs()
    {
        var kept = new TokenSelection(16, arange(0, 16, 2, ScalarType.Int64, TestDevice.Current));
        var trace = Run(Probe.Site(Where.Attention, (_, h, next) => next.InvokeTokens(kept.Take(h.Main, 1), kept).Main.repeat_interleave(2, 1), HookPhase.Tokens));
        Assert.Equal(trace.FullMultiplyAdds - (Steps * 2 * 3 * (Attention - 80 - 128)), trace.MultiplyAdds);
    }

    [Fact]
    public void ABlockOnHalfTheTokensTakesItsPartsAlong()
    {
        var kept = new TokenSelection(16, arange(0, 16, 2, ScalarType.Int64, TestDevice.Current));
        var trace = Run(
            Probe.Site(Where.Blocks, (_, h, next) => next.InvokeTokens(kept.Take(h.Main, 1), kept).Main.repeat_interleave(2, 1), HookPhase.Tokens),
            Probe.Site(Where.FeedForward, (_, h, next) => next.Invoke(h)));
        Assert.Equal(trace.FullMultiplyAdds - (Steps * 2 * 3 * (Block - 240 - 128)), trace.MultiplyAdds);
    }

    [Fact]
    public void WorkDoneTwiceCountsTwice()
    {
        var trace = Run(Probe.Site(Where.Path("blocks.0"), (_, h, next) =>
        {
            next.Invoke(h);
            return next.Invoke(h);
        }));
        Assert.Equal(trace.FullMultiplyAdds + (Steps * 2 * Block), trace.MultiplyAdds);
    }

    [Fact]
    public void ASkippedRangeOfBlocks()
    {
        var trace = Run(Probe.Chain((call, h, next) => call.Step.Index == 0 ? next.Invoke(h, 0, 3) : next.Invoke(h, 2, 3)));
        Assert.Equal(trace.FullMultiplyAdds - (3 * 2 * 2 * Block), trace.MultiplyAdds);
    }

    [Fact]
    public void DecisionsHostReadsAndBytesAreRecorded()
    {
        var trace = Run(new Probe("reading")
        {
            Needs = new() { Sites = [new(Where.Network, HookPhase.Cache)] },
            Start = (_, store) => new Probe.SiteRun(
                (call, h, next) =>
                {
                    store.Push(call.Key("h"), call.Rows, h.Main);
                    call.Record(new("reading", call.Site.Path, 1, false, call.Read(h.Main.sum())[0], 3));
                    return next.Invoke(h);
                },
                store),
        });
        Assert.Equal((Steps + TestDevice.FiniteReads, 2 * 16 * 4), (trace.HostReads, trace.PeakCacheBytes));
        var decision = Assert.Single(trace.Steps[2].Decisions);
        Assert.Equal(("reading", "network", 1, 3), (decision.Strategy, decision.Site, decision.Sample, decision.Threshold));
    }

    [Fact]
    public void ADecisionThatAllSamplesShareStandsThereForEach()
    {
        var trace = Run(3, new Cached(Where.FeedForward.OnlyBlocks(1), new Interval(2), How.LastValue));
        Assert.All(trace.Steps, (s, i) => Assert.Equal(
            Enumerable.Range(0, 3).Select(sample => (sample, i % 2 == 1 && i < Steps - 1)), s.Decisions.Select(d => (d.Sample, d.Skip))));
        Assert.All(trace.Steps, s => Assert.All(s.Decisions, d => Assert.Equal("blocks.1.ff", d.Site)));
        Assert.Same(trace.Steps[0].Decisions, trace.Steps[0].Decisions);
    }
}
