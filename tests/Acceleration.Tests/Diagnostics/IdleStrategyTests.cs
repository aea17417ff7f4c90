using Acceleration.Tests.Toys;

namespace Acceleration.Tests.Diagnostics;

/// <summary>A strategy that did nothing is told: before the run where it is known, else by the trace.</summary>
public sealed class IdleStrategyTests
{
    private static SamplerBuilder On(IDenoiser network, int steps = 8) => Sampler.For(network).FlowEuler(steps);

    [Fact]
    public void AnEmptyWindowIsToldBeforeAndAfter()
    {
        using var network = new ChainToy();
        var skip = On(network).Guidance(2).Use(new SkipLayerGuidance(2.8, Where.Blocks.OnlyBlocks(1))).Build();
        const string why = "none of 8 steps lies after step 0 and before step 1 (Start 0.01 and Stop 0.2 of them): take more steps, or a larger Stop, or FromFirst";
        var tag = skip.Strategies[1].Tag;
        Assert.Equal($"{tag} never acts: {why}.", Assert.Single(skip.Advice));
        Assert.Equal(new(tag, why), Assert.Single(Toy.Run(skip).Trace.Idle));

        var share = On(network).Guidance(2).Use(GuidanceInterval.Share(0.01, 0.1)).Build();
        Assert.Contains("GI:share0.01to0.1 never acts: none of its steps is among the run's 8, and nothing is guided", Assert.Single(share.Advice), StringComparison.Ordinal);
        Assert.Equal("GI:share0.01to0.1", Assert.Single(Toy.Run(share).Trace.Idle).Strategy);

        var auto = On(network).Use(new AutoGuidance(2, Where.Blocks.OnlyBlocks(1)) { Start = 0.5, Stop = 0.55 }).Build();
        Assert.Contains("between Start 0.5 and Stop 0.55", Assert.Single(Toy.Run(auto).Trace.Idle).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatActsOrIsTurnedOffByIntentIsNotIdle()
    {
        using var network = new ChainToy();
        IStrategy[] acting = [new SkipLayerGuidance(2.8, Where.Blocks.OnlyBlocks(1)) { FromFirst = true }, GuidanceInterval.Share(0, 0.5), new IntervalForecast(2)];
        var sampler = acting.Aggregate(On(network).Guidance(2), (b, s) => b.Use(s)).Build();
        Assert.Empty(sampler.Advice);
        Assert.Empty(Toy.Run(sampler).Trace.Idle);

        IStrategy[] off = [new SkipLayerGuidance(0, Where.Blocks.OnlyBlocks(1)), new ToMeSD(0)];
        Assert.Empty(Toy.Run(off.Aggregate(On(network).Guidance(2), (b, s) => b.Use(s)).Build()).Trace.Idle);
        Assert.Empty(On(network, 30).Guidance(2).Use(new SkipLayerGuidance(2.8, Where.Blocks.OnlyBlocks(1))).Build().Advice);
    }

    [Fact]
    public void ReasonsFoundInTheRunAreGathered()
    {
        using var network = new ChainToy();
        var trace = Toy.Run(On(network).Use(new GratB(1) { GroupHeight = 4, GroupWidth = 4, Crossover = 0 }).Build()).Trace;
        var idle = Assert.Single(trace.Idle);
        Assert.Equal("the pattern covers everything", idle.Reason);
        Assert.Equal($"{idle.Strategy} never acted: the pattern covers everything.", idle.ToString());

        var cached = Toy.Run(On(network).Use(new IntervalForecast(2)).Build()).Trace;
        Assert.Empty(IdleStrategy.Of([cached]));
        Assert.Single(IdleStrategy.Of([trace, cached]));
        Assert.Empty(IdleStrategy.Of([]));
    }

    [Fact]
    public void AttentionThatGoesPastTheEvaluationIsTold()
    {
        var sites = new SiteMap();
        var site = sites.Add(SiteKind.SelfAttention, "attention", SiteTraits.ShapePreserving | SiteTraits.TokenMixing, default);
        using var network = Denoiser.From(Toy.Info("past", sites: sites), (x, _, _, e) => e.At(site, x, 0.5, static (h, half, _) => h.Main * half).Main);
        using var chain = new ChainToy();
        foreach (var strategy in new IStrategy[] { new GratB(1) { GroupHeight = 1, GroupWidth = 1, Crossover = 0 }, new PerturbedAttentionGuidance(2, Where.Attention) { Start = 0, Stop = 1 }, new SmoothedEnergyGuidance(2, Where.Attention) })
        {
            var idle = Assert.Single(Toy.Run(On(network).Guidance(2).Use(strategy).Build()).Trace.Idle);
            Assert.Equal(new(strategy.Tag, "no attention at its sites goes through Evaluation.Attend"), idle);
            Assert.Empty(Toy.Run(On(chain).Guidance(2).Use(strategy).Build()).Trace.Idle);
        }
    }

    [Fact]
    public void ClonesAndSavedSessionsKnowIt()
    {
        using var network = new ChainToy();
        var sampler = On(network).Guidance(2).Use(GuidanceInterval.Share(0.01, 0.1)).Build();
        var request = Toy.Request();
        using var condition = request.Condition;
        using var session = sampler.Start(request);
        session.Advance(TestContext.Current.CancellationToken);
        using var clone = session.Clone();
        Assert.Equal(session.Trace.Idle, clone.Trace.Idle);
        Assert.Single(clone.Trace.Idle);
    }

    [Fact]
    public void ArithmeticSavedNeedsNoOtherRunAndNoCostsGiveNone()
    {
        using var network = new ChainToy();
        using var plain = Denoiser.From(Toy.Info("without costs", sites: new SiteMap()), (x, _, _) => x * 0.5);
        var trace = Toy.Run(On(network).Use(new IntervalForecast(2)).Build()).Trace;
        Assert.Equal(trace.FullMultiplyAdds / trace.MultiplyAdds, trace.ArithmeticGain);
        Assert.True(trace.ArithmeticGain > 1.2);
        Assert.Equal(1, Toy.Run(On(network).Build()).Trace.ArithmeticGain);
        Assert.Null(Toy.Run(On(plain).Build()).Trace.ArithmeticGain);
    }
}
