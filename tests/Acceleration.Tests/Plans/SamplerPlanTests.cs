using Acceleration.Tests.Docs;
using Acceleration.Tests.Toys;

namespace Acceleration.Tests.Plans;

/// <summary>Plans make samplers and samplers make plans: the same run, bit for bit.</summary>
public sealed class SamplerPlanTests
{
    [Theory]
    [InlineData("flow-euler10+EC2.5w2")]
    [InlineData("flow-euler10s3end0.02karras+CFG2.5+IF2")]
    [InlineData("flow-eulersde8d+AG-1x0holdw3+CFG2.5+sb")]
    [InlineData("flow-euler8low+C:chain:drift2w3:res^1@step")]
    [InlineData("flow-euler10+DD2x2rear+SF0.1.3.6o2")]
    [InlineData("flow-euler+BN1n4/0.5n4w0.75s2/1n3w0.6bilinear+CFG2+TM0.5fixed")]
    [InlineData("flow-euler+UP0.5n3e0.4/1n4e1c0.02")]
    [InlineData("ddim10+clip1q0.9m2+CFG2+EC2.5w2", true)]
    [InlineData("ddimeta0.7,12trailing+IF3o2", true)]
    [InlineData("ddimt999.700.300.10first+EC1", true)]
    [InlineData("ddimsnr9+TM0.25", true)]
    [InlineData("ddim+BN1n4/0.5n4w0.75/1n3w0.6", true)]
    public void TheSamplerOfATagGivesThatTagAndTheSameSamples(string tag, bool isDdim = false)
    {
        using var network = Network(isDdim);
        var plan = AccelerationPlan.Parse(tag);
        var sampler = Sampler.For(network).Plan(plan).Build();

        Assert.Equal(tag, sampler.Tag);
        Assert.Equal(plan, sampler.ToPlan());
        var again = AccelerationPlan.Parse(AccelerationPlan.FromJson(sampler.ToPlan().ToJson()).Text);
        var (first, _) = Toy.Run(sampler, 2);
        var (second, _) = Toy.Run(Sampler.For(network).Plan(again).Build(), 2);
        Assert.Equal(first, second);
        Assert.All(first, v => Assert.True(float.IsFinite(v)));
    }

    [Fact]
    public void TheFluentWayGivesTheSamePlanAndSamples()
    {
        using var network = Network(isDdim: true);
        var fluent = Sampler.For(network).Ddim(12, TimestepSpacing.Trailing, eta: 0.5, new SampleClip(2)).Guidance(2).Use(new EasyCache(2, 2)).SeparateBranches().Build();
        var code = new AccelerationPlan
        {
            Solver = new Ddim { Eta = 0.5 },
            Schedule = new DdimGrid(12) { Spacing = TimestepSpacing.Trailing },
            Clip = new(2),
            Guidance = [new ClassifierFreeGuidance(2)],
            Strategies = [new EasyCache(2, 2)],
            SeparateBranches = true,
        };

        Assert.Equal(code, fluent.ToPlan());
        Assert.Equal("ddimeta0.5,12trailing+clip2+CFG2+EC2w2+sb", fluent.Tag);
        Assert.Equal(Toy.Run(fluent, 2).Values, Toy.Run(Sampler.For(network).Plan(code).Build(), 2).Values);
    }

    [Fact]
    public void FluentStagesAreHeldByPlansToo()
    {
        using var network = Network(isDdim: false);
        var bottleneck = Sampler.For(network).Bottleneck([new(1, 4), new(0.5, 4, 0.75), new(1, 4, 0.5)], Resampling.Area).Build();
        var upsampling = Sampler.For(network).Upsampling([new(0.5, 3, 0.4), new(1, 3, 1)], 0.02).Build();

        Assert.Equal(new Bottleneck([new(1, 4), new(0.5, 4, 0.75), new(1, 4, 0.5)]) { Resampling = Resampling.Area }, bottleneck.ToPlan().Stages);
        Assert.Equal("flow-euler+UP0.5n3e0.4/1n3e1c0.02", upsampling.Tag);
        Assert.Equal(Toy.Run(upsampling).Values, Toy.Run(Sampler.For(network).Plan(AccelerationPlan.Parse(upsampling.Tag)).Build()).Values);
    }

    [Fact]
    public void WhatAPlanLeavesOpenStays()
    {
        using var network = Network(isDdim: false);
        SamplerBuilder Chosen() => Sampler.For(network).FlowEuler(10, shift: 2).Guidance(2).Use(new EasyCache(1));
        string Tag(string plan) => Chosen().Plan(AccelerationPlan.Parse(plan)).Build().Tag;

        Assert.Equal("flow-euler10s2+CFG2+EC1", Tag(""));
        Assert.Equal("flow-euler10s2+CFG2+AG0.9x0+EC1", Tag("AG0.9x0"));
        Assert.Equal("flow-euler10s2+CFG3+EC1", Tag("CFG3"));
        Assert.Equal("flow-euler10s2+CFG2+IF2", Tag("IF2"));
        Assert.Equal("flow-euler5+CFG2+EC1", Tag("flow5"));
        Assert.Equal("flow-eulersde10s2+CFG2+EC1", Tag("flow-eulersde"));
        Assert.Equal("flow-euler+BN1n4+CFG2+EC1", Tag("BN1n4"));
        Assert.Equal("flow-euler10s2+CFG2+EC1+sb", Tag("sb"));
        Assert.Contains("leaves the solver open", Assert.Throws<PlanException>(() => Sampler.For(network).Plan(AccelerationPlan.Parse("flow5"))).Message, StringComparison.Ordinal);
        Assert.Contains("leaves the noise levels open", Assert.Throws<InvalidOperationException>(() => Sampler.For(network).Plan(AccelerationPlan.Parse("flow-euler")).Build()).Message, StringComparison.Ordinal);
        Assert.Contains("use .FlowEuler", Assert.Throws<InvalidOperationException>(() => Sampler.For(network).Plan(AccelerationPlan.Parse("ddim5"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatNoPlanCanHoldIsTold()
    {
        using var network = Network(isDdim: false);
        var raw = Sampler.For(network).Solve(new FlowEuler(), FlowSchedule.FromSigmas([1, 0.5])).Use(new EasyCache(1)).Build();
        Assert.Contains("schedule: this sampler's noise levels", Assert.Throws<PlanException>(raw.ToPlan).Message, StringComparison.Ordinal);
        Assert.Equal("flow-euler2+EC1", raw.Tag);

        var unknown = Sampler.For(network).FlowEuler(4).Use(Probe.Site(Where.Network, (_, x, next) => next.Invoke(x), tag: "mine")).Build();
        Assert.Contains("strategies[0]: Probe has no [Entry", Assert.Throws<PlanException>(unknown.ToPlan).Message, StringComparison.Ordinal);
        Assert.Equal("flow-euler4+mine", unknown.Tag);
    }

    [Fact]
    public void AVocabularyCanKnowMore()
    {
        var vocabulary = PlanVocabulary.Default.With<FrozenFeedForward>().With<AttentionBroadcast>().With<Window>();
        var plan = AccelerationPlan.Of(new FrozenFeedForward(3, 7), new AttentionBroadcast(3, Start: 0.2), new Cached(Where.Blocks, new Window(2, 0.1, 0.9), How.LastValue));

        Assert.Equal(plan, AccelerationPlan.FromJson(plan.ToJson(), vocabulary));
        Assert.Equal(plan, AccelerationPlan.Parse(plan.Tag, vocabulary));
        Assert.Throws<PlanException>(() => AccelerationPlan.Parse(plan.Tag));
        Assert.Same(vocabulary, vocabulary.With<Window>());
        Assert.Contains("it has no [Entry", Assert.Throws<PlanException>(() => PlanVocabulary.Default.With<Probe>()).Message, StringComparison.Ordinal);
        Assert.Contains("the name 'easycache' is EasyCache's", Assert.Throws<PlanException>(() => PlanVocabulary.Default.With<SameName>()).Message, StringComparison.Ordinal);
        Assert.Contains("the tag 'EC' is EasyCache's", Assert.Throws<PlanException>(() => PlanVocabulary.Default.With<SameTag>()).Message, StringComparison.Ordinal);
        Assert.Contains("Depth has no [InTag", Assert.Throws<PlanException>(() => PlanVocabulary.Default.With<Unmarked>()).Message, StringComparison.Ordinal);
        Assert.Contains("'x' stands for two things", Assert.Throws<PlanException>(() => PlanVocabulary.Default.With<Twice>()).Message, StringComparison.Ordinal);
    }

    private static ChainToy Network(bool isDdim) => new(type: isDdim ? PredictionType.Epsilon : PredictionType.Flow, size: [1, 8, 8]);

    [Entry("easycache", "MINE")]
    private sealed record SameName : CacheMethod
    {
        public override IReadOnlyList<Cached> Parts => new EasyCache(1).Parts;
    }

    [Entry("mine", "EC")]
    private sealed record SameTag : CacheMethod
    {
        public override IReadOnlyList<Cached> Parts => new EasyCache(1).Parts;
    }

    [Entry("mine", "MINE")]
    private sealed record Unmarked(int Depth) : CacheMethod
    {
        public override IReadOnlyList<Cached> Parts => new EasyCache(Depth).Parts;
    }

    [Entry("mine", "MINE")]
    private sealed record Twice([property: InTag("x")] int Depth = 1, [property: InTag("x")] int Height = 2) : CacheMethod
    {
        public override IReadOnlyList<Cached> Parts => new EasyCache(Depth + Height).Parts;
    }
}
