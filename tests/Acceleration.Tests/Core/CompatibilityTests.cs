using Acceleration.Tests.Toys;

namespace Acceleration.Tests.Core;

/// <summary>What is refused when a sampler is built, with both names and the reason.</summary>
public sealed class CompatibilityTests : CoreTest
{
    private readonly ChainToy _net = new();

    public CompatibilityTests() => Own(_net);

    private static OnSite Through => (_, h, next) => next.Invoke(h);

    private StrategyConflictException Refused(params IStrategy[] strategies)
    {
        var builder = strategies.Aggregate(Sampler.For(_net).FlowEuler(2), (b, s) => b.Use(s));
        var e = Assert.Throws<StrategyConflictException>(() => builder.Build());
        Assert.All(e.Strategies, s => Assert.Contains(s.Tag, e.Message, StringComparison.Ordinal));
        return e;
    }

    [Fact]
    public void TwoInOnePhaseOfOneSite()
    {
        var e = Refused(Probe.Site(Where.Attention, Through, tag: "first"), Probe.Site(Where.Path("blocks.1.attention"), Through, tag: "second"));
        Assert.Equal(["first", "second"], e.Strategies.Select(s => s.Tag));
        Assert.StartsWith("first and second both work in the cache phase of the site 'blocks.1.attention': only one can decide there.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PublishedMethodsTooByTheirTags()
    {
        var e = Refused(new EasyCache(0.1), Probe.Site(Where.Parse(new EasyCache(0.1).Needs.Sites[0].Where.Tag), Through, tag: "mine"));
        Assert.Contains($"{new EasyCache(0.1).Tag} and mine both work", e.Message, StringComparison.Ordinal);
    }

    /// <summary>Most changes of a guided prediction are meant once; windows may be several, since a step has to lie in all.</summary>
    [Fact]
    public void TwoChangesOfGuidanceOfOneType()
    {
        var e = Refused(new GuidanceRescale(0.3), new ClassifierFreeGuidance(2), new GuidanceRescale(0.7));
        Assert.StartsWith("RS0.3 and RS0.7 both change the guided prediction in the same way (GuidanceRescale); keep one.", e.Message, StringComparison.Ordinal);

        var change = new Probe("mine") { Needs = new() { ChangesGuidance = true }, Start = (_, store) => new Probe.SiteRun(Through, store) };
        Assert.Contains("mine and other", Refused(change, change with { Tag = "other" }).Message, StringComparison.Ordinal);
        var both = change with { Needs = new() { ChangesGuidance = true, MayRepeat = true } };
        Sampler.For(_net).FlowEuler(2).Use(both).Use(both with { Tag = "other" }).Build();

        float[] Windows(params IStrategy[] windows) => Toy.Run(windows.Aggregate(Sampler.For(_net).FlowEuler(8).Guidance(2), (b, w) => b.Use(w)).Build()).Values;
        IStrategy early = GuidanceInterval.Steps(0, 4), late = GuidanceInterval.Steps(3, 7);
        Assert.Equal(Windows(GuidanceInterval.Steps(3, 4)), Windows(early, late));
        Assert.Equal(Windows(early, late), Windows(late, early));
    }

    [Fact]
    public void TwoAtOneChainWhateverThePhase()
    {
        var early = Probe.Chain((_, h, next) => next.Invoke(h, 0, next.Count), "early");
        var e = Refused(early, early with { Tag = "late", Needs = new() { Sites = [new(Where.Chain, HookPhase.Tokens)] } });
        Assert.StartsWith("early and late both work at the chain 'blocks': only one can decide there.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DifferentPhasesAndPlacesAgree()
    {
        var sampler = Sampler.For(_net).FlowEuler(2)
            .Use(Probe.Site(Where.Attention, Through, HookPhase.Cache))
            .Use(Probe.Site(Where.Attention, Through, HookPhase.Tokens))
            .Use(Probe.Site(Where.Attention, Through, HookPhase.Slice))
            .Use(Probe.Attention((_, i, next) => next.Invoke(i)))
            .Use(Probe.Site(Where.Blocks, Through))
            .Use(Probe.Chain((_, h, next) => next.Invoke(h, 0, next.Count)))
            .Use(Probe.Site(Where.Network, Through))
            .Use(Probe.Site(Where.Prediction, Through))
            .Guidance(2)
            .Build();
        Assert.Equal(Toy.Run(Sampler.For(_net).FlowEuler(2).Guidance(2).Build()).Values, Toy.Run(sampler).Values);
    }

    [Fact]
    public void ASiteTheNetworkLacks()
    {
        var e = Refused(Probe.Site(Where.CrossAttention, Through, tag: "crossing"));
        Assert.Equal(
            "crossing works at 'cross', but chain has no such site. Its sites: prediction, network, 3 × Block, blocks, 3 × SelfAttention, 3 × FeedForward.", e.Message);
    }

    [Fact]
    public void ASiteThatIsThereOtherwise()
    {
        Assert.EndsWith("3 × FeedForward. It has 'attention', before a gate or without one: choose that (Gated = false).", Refused(new PyramidAttentionBroadcast(2)).Message, StringComparison.Ordinal);
        Assert.EndsWith("Blocks of 'blocks' have the numbers 0 to 2.", Refused(Probe.Site(Where.Blocks.OnlyBlocks(7), Through)).Message, StringComparison.Ordinal);
        Assert.EndsWith("3 × FeedForward.", Refused(Probe.Site(Where.CrossAttention.InBlocks(1), Through)).Message, StringComparison.Ordinal);

        var sites = new SiteMap();
        sites.Add(SiteKind.Block, "middle", SiteTraits.ShapePreserving, default);
        sites.Add(SiteKind.FeedForward, "middle.ff", SiteTraits.ShapePreserving | SiteTraits.AfterGate, default);
        using var network = Denoiser.From(Toy.Info("loose", sites: sites), (x, _, _) => x);
        string Message(Where where) => Assert.Throws<StrategyConflictException>(() => Sampler.For(network).FlowEuler(2).Use(Probe.Site(where, Through)).Build()).Message;
        Assert.EndsWith("Those of 'blocks' have no number: SiteMap.AddChain and .AddBlocks number blocks.", Message(Where.Blocks.InBlocks(1, 4)), StringComparison.Ordinal);
        Assert.EndsWith("It has 'ff.gated', behind the gate alone: choose that (Gated = true).", Message(Where.FeedForward), StringComparison.Ordinal);
    }

    [Fact]
    public void AMessageIsShortWhateverTheTags()
    {
        var place = Where.Parse("path=" + new string('x', 100_000));
        Sampler Built(params IStrategy[] strategies) => strategies.Aggregate(Sampler.For(_net).FlowEuler(4), (b, s) => b.Use(s)).Build();
        var lacks = Assert.Throws<StrategyConflictException>(() => Built(new IntervalForecast(3) { Where = place }));
        Assert.Contains("has no such site", lacks.Message, StringComparison.Ordinal);
        Assert.InRange(lacks.Message.Length, 50, 2000);

        StepForecast[] two = [.. new[] { 1, 2 }.Select(k => new StepForecast([.. Enumerable.Range(0, 10_000).Select(i => i * k)]))];
        var both = Assert.Throws<StrategyConflictException>(() => Built(two));
        Assert.Contains("only one can decide there", both.Message, StringComparison.Ordinal);
        Assert.InRange(both.Message.Length, 50, 2000);
        Assert.Equal(two, both.Strategies);

        var elsewhere = new AccelerationPlan { Calibration = new() { Network = new string('x', 100_000), Solver = new string('y', 100_000), Size = [.. Enumerable.Repeat(1L, 10_000)] } };
        Assert.InRange(Assert.Throws<CalibrationException>(() => Sampler.For(_net).FlowEuler(4).Plan(elsewhere).Build()).Message.Length, 50, 2000);
    }

    [Fact]
    public void TwoCombiners() =>
        Assert.Contains("CFG2 and CFG3 both combine the guidance branches", Refused(new ClassifierFreeGuidance(2), new ClassifierFreeGuidance(3)).Message, StringComparison.Ordinal);

    [Fact]
    public void TwoBranchPolicies()
    {
        var policy = Probe.Step() with { Needs = new() { ChoosesBranches = true } };
        var e = Refused(policy with { Tag = "a" }, policy with { Tag = "b" });
        Assert.Equal("a and b both decide which guidance branches are evaluated; keep one.", e.Message);
    }

    [Fact]
    public void GuidanceWithoutAnUnconditionalBranch()
    {
        using var distilled = Denoiser.From(_net.Info with { Unconditional = null }, (x, _, _) => x);
        var e = Assert.Throws<StrategyConflictException>(() => Sampler.For(distilled).FlowEuler(2).Guidance(2).Build());
        Assert.Contains("CFG2 needs an unconditional branch, but chain has none", e.Message, StringComparison.Ordinal);
        Assert.NotNull(Sampler.For(distilled).FlowEuler(2).Guidance(1).Build());
    }

    [Fact]
    public void AStrategysOwnReason()
    {
        var e = Refused(Probe.Step() with { Needs = new() { Refuse = info => $"{info.Stages[0].Steps} steps of {info.Solver} are too few." } });
        Assert.Equal("step-probe cannot run on chain: 2 steps of flow-euler are too few.", e.Message);
    }

    [Fact]
    public void ARunThatLacksTheHookItsStrategyClaims()
    {
        var sampler = Sampler.For(_net).FlowEuler(2).Use(Probe.Step() with { Needs = new() { Sites = [new(Where.Blocks, HookPhase.Cache)] } }).Build();
        var e = Assert.Throws<InvalidOperationException>(() => Toy.Run(sampler));
        Assert.Equal("step-probe claims the site blocks.0, but its run does not implement ISiteHook.", e.Message);
    }
}
