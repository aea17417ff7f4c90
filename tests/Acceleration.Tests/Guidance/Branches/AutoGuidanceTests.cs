using Acceleration.Tests.Core;
using Acceleration.Tests.Toys;
using BranchNetwork = Acceleration.SamplerBuilder.BranchNetwork;

namespace Acceleration.Tests.Guidance;

/// <summary>w + s·(c − w), with the weaker prediction of another network or of the same one without some layers.</summary>
public sealed class AutoGuidanceTests : CoreTest
{
    private readonly ChainToy _net = new();

    public AutoGuidanceTests() => Own(_net);

    private float[] First(params IStrategy[] strategies) => Toy.Run(strategies.Aggregate(Sampler.For(_net).FlowEuler(1), (b, s) => b.Use(s)).Build(), 2).Values;

    [Fact]
    public void LayersLeftOutMakeTheWeakerNetwork()
    {
        // One step of flow matching is linear in the prediction.
        var (c, w) = (First(), First(Probe.Site(Where.Path("blocks.1"), (_, h, _) => h)));
        float[] guided = [.. w.Select((v, i) => v + (3 * (c[i] - v)))];
        Near(guided, First(new AutoGuidance(3, Where.Blocks.OnlyBlocks(1))));
        Near(guided, First(new AutoGuidance(3, Where.Blocks.OnlyBlocks(1)) { Base = GuidanceBase.Conditional }));
    }

    [Fact]
    public void AnotherNetworkIsGivenTheCondition()
    {
        using var weak = Toy.Affine(0.3, 0.1, shift: 0.7);
        using var scope = TorchSharp.torch.NewDisposeScope();
        var (c, w) = (First(), Toy.Run(Sampler.For(weak).FlowEuler(1).Build(), 2).Values);
        Near([.. w.Select((v, i) => v + (3 * (c[i] - v)))], First(new AutoGuidance(3), new BranchNetwork(Branch.Weak, weak)));
    }

    [Fact]
    public void AScaleOfOneIsTheNetworkAlone()
    {
        var plain = Toy.Run(Sampler.For(_net).FlowEuler(4).Build(), 2);
        var (values, trace) = Toy.Run(Sampler.For(_net).FlowEuler(4).Use(new AutoGuidance(1, Where.Blocks)).Build(), 2);
        Assert.Equal(plain.Values, values);
        Assert.Equal(plain.Trace.MultiplyAdds, trace.MultiplyAdds);
        Assert.All(trace.Steps, s => Assert.Equal(2, s.ComputedRows));
    }

    [Fact]
    public void ItsStepsIncludeTheFirst()
    {
        var (_, trace) = Toy.Run(Sampler.For(_net).FlowEuler(10).Use(new AutoGuidance(2, Where.Blocks.OnlyBlocks(2)) { Start = 0.29, Stop = 0.58 }).Build());
        Assert.Equal([2, 3, 4], trace.Steps.Where(s => s.ComputedRows == 2).Select(s => s.Step.Index));
    }

    [Fact]
    public void AnIntervalLimitsTheWeakerNetworkToo()
    {
        var auto = new AutoGuidance(2, Where.Blocks.OnlyBlocks(2));
        Sampler With(params IStrategy[] more) => more.Aggregate(Sampler.For(_net).FlowEuler(10).Use(auto), (b, s) => b.Use(s)).Build();
        var limited = With(GuidanceInterval.Steps(2, 4));
        var (values, trace) = Toy.Run(limited);
        Assert.Equal([2, 3, 4], trace.Steps.Where(s => s.ComputedRows == 2).Select(s => s.Step.Index));
        Assert.Equal(Toy.Run(Sampler.For(_net).FlowEuler(10).Use(auto with { Start = 0.2, Stop = 0.5 }).Build()).Values, values);
        Assert.Empty(limited.Advice);

        // Without an unconditional branch there is still a weaker network to limit, and without that nothing.
        using var distilled = Denoiser.From(_net.Info with { Unconditional = null, Sites = new SiteMap() }, (x, _, _) => x * 0.5);
        Assert.NotNull(Sampler.For(distilled).FlowEuler(10).Use(new AutoGuidance(2)).NetworkOf(Branch.Weak, distilled).Use(new StepAG()).Build());
        Assert.Contains("no unconditional branch", Assert.Throws<StrategyConflictException>(() => Sampler.For(distilled).FlowEuler(10).Use(new StepAG()).Build()).Message, StringComparison.Ordinal);
        Assert.Contains("add .Guidance(scale) or an AutoGuidance", Assert.Single(Sampler.For(_net).FlowEuler(10).Use(new StepAG()).Build().Advice), StringComparison.Ordinal);
    }

    [Fact]
    public void SkippedLayersAreStackedOnIt()
    {
        var skip = new SkipLayerGuidance(2, Where.Blocks.OnlyBlocks(0)) { Start = 0, Stop = 1, FromFirst = true };
        var (c, g) = (First(), First(new AutoGuidance(3, Where.Blocks.OnlyBlocks(1))));
        var p = First(Probe.Site(Where.Path("blocks.0"), (_, h, _) => h));
        Near([.. g.Select((v, i) => v + (2 * (c[i] - p[i])))], First(new AutoGuidance(3, Where.Blocks.OnlyBlocks(1)), skip));
    }

    [Fact]
    public void BatchesSeparateBranchesAndSessionsGiveTheSame()
    {
        var builder = Sampler.For(_net).FlowEuler(6).Use(new AutoGuidance(2, Where.Attention));
        var (values, _) = Toy.Run(builder.Build(), 3);
        var request = Toy.Request(3);
        using var condition = request.Condition;
        using var session = builder.Build().Start(request);
        Assert.True(session.Advance(TestContext.Current.CancellationToken));
        using var clone = session.Clone();
        clone.RunToEnd(cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(values, clone.Latents.Floats());
        Near(values, Toy.Run(builder.SeparateBranches().Build(), 3).Values);
        for (var sample = 0; sample < 3; sample++)
        {
            using var one = Conditioning.Labels(sample);
            using var alone = builder.Build().Generate(new() { Condition = one, Seed = 5 + sample }, cancellation: TestContext.Current.CancellationToken);
            Near(values[(sample * 16)..((sample + 1) * 16)], alone.Latents.Floats());
        }
    }

    [Fact]
    public void ASecondCombinerAndUnfitLayersAreRefused()
    {
        string Refused(params IStrategy[] strategies) =>
            Assert.Throws<StrategyConflictException>(() => strategies.Aggregate(Sampler.For(_net).FlowEuler(2), (b, s) => b.Use(s)).Build()).Message;

        Assert.Contains("both combine the guidance branches", Refused(new AutoGuidance(2, Where.Blocks), new ClassifierFreeGuidance(2)), StringComparison.Ordinal);
        Assert.Contains("'network' is not a layer", Refused(new AutoGuidance(2, Where.Network)), StringComparison.Ordinal);
        Assert.Contains("AUTO2 needs another network for the branch 'weak': add .NetworkOf(Branch.Weak, network)", Refused(new AutoGuidance(2)), StringComparison.Ordinal);
    }
}
