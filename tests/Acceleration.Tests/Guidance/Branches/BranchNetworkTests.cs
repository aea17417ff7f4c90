using Acceleration.Tests.Core;
using Acceleration.Tests.Toys;
using static TorchSharp.torch;
using BranchNetwork = Acceleration.SamplerBuilder.BranchNetwork;

namespace Acceleration.Tests.Guidance;

/// <summary>A branch that another network evaluates.</summary>
public sealed class BranchNetworkTests : CoreTest
{
    private readonly ChainToy _net = new();
    private readonly ChainToy _other = new(1);

    public BranchNetworkTests() => Own(_net, _other);

    private Sampler With(params IStrategy[] strategies) => strategies.Aggregate(Sampler.For(_net).FlowEuler(6), (b, s) => b.Use(s)).Build();

    private string Refused(DenoiserInfo info)
    {
        using var other = Denoiser.From(info, (x, _, _) => x);
        return Assert.Throws<StrategyConflictException>(() => With(new AutoGuidance(2), new BranchNetwork(Branch.Weak, other))).Message;
    }

    [Fact]
    public void ItIsAskedForItsBranchAloneInACallOfItsOwn()
    {
        var (_, trace) = Toy.Run(With(new AutoGuidance(2), new BranchNetwork(Branch.Weak, _other)), 3);
        Assert.Equal(6, _other.CountOf("blocks.0"));
        Assert.Equal(6, _net.CountOf("blocks.0"));
        Assert.All(_other.Calls.Concat(_net.Calls).Where(c => c.Site == "blocks.0"), c => Assert.Equal(3, c.Rows));
        Assert.All(trace.Steps, s => Assert.Equal(6, s.ComputedRows));

        // 16 tokens: three blocks of 30 each and 2 per pair, 5 for the rest; one block in the other network.
        double Cost(int blocks) => 3 * ((16 * ((30 * blocks) + 5)) + (256 * 2 * blocks));
        Assert.All(trace.Steps, s => Assert.Equal((Cost(3) + Cost(1), Cost(3) + Cost(1)), (s.MultiplyAdds, s.FullMultiplyAdds)));
    }

    [Fact]
    public void StrategiesOfTheSamplersNetworkDoNotComeToItsSites()
    {
        var sites = new List<string>();
        var watching = Probe.Site(Where.Blocks, (call, h, next) =>
        {
            sites.Add($"{call.Site} {call.Rows}");
            return next.Invoke(h);
        });
        Toy.Run(With(new AutoGuidance(2), new BranchNetwork(Branch.Weak, _other), watching));
        Assert.Equal(18, sites.Count);
        Assert.All(sites, s => Assert.EndsWith("0/cond", s, StringComparison.Ordinal));
        Assert.Equal(6, _other.CountOf("blocks.0"));
    }

    [Fact]
    public void TheUnconditionalBranchMayBeASmallerNetworks()
    {
        var cond = Toy.Run(Sampler.For(_net).FlowEuler(1).Build(), 2).Values;
        var request = new SamplingRequest { Condition = Conditioning.Labels(Toy.Classes, Toy.Classes), Seed = 5 };
        using var nothing = request.Condition;
        using var result = Sampler.For(_other).FlowEuler(1).Build().Generate(request, cancellation: TestContext.Current.CancellationToken);
        var u = result.Latents.Floats();
        float[] expected = [.. u.Select((v, i) => v + (2 * (cond[i] - v)))];
        var builder = Sampler.For(_net).FlowEuler(1).Guidance(2).NetworkOf(Branch.Unconditional, _other);
        Near(expected, Toy.Run(builder.Build(), 2).Values);
        Near(expected, Toy.Run(builder.SeparateBranches().Build(), 2).Values);
    }

    [Fact]
    public void CachesOfTheSamplersNetworkGoOnBesideIt()
    {
        var caching = new Cached(Where.Blocks, new Interval(2), How.LastValue);
        var (_, trace) = Toy.Run(With(new AutoGuidance(2), new BranchNetwork(Branch.Weak, _other), caching), 2);
        Assert.Equal((4, 6), (_net.CountOf("blocks.1"), _other.CountOf("blocks.0")));
        Assert.True(trace.MultiplyAdds < trace.FullMultiplyAdds);
    }

    [Fact]
    public void NobodyDisposesIt()
    {
        var disposed = 0;
        using var owned = new Counting(() => disposed++);
        using (var other = Denoiser.From(_other.Info, _other.Predict, owned))
        {
            var sampler = With(new AutoGuidance(2), new BranchNetwork(Branch.Weak, other));
            Toy.Run(sampler);
            Toy.Run(sampler);
            _other.InBlock = _ => throw new InvalidOperationException("no more");
            Assert.Throws<SamplingException>(() => Toy.Run(sampler));
            Assert.Equal(0, disposed);
        }

        Assert.Equal(1, disposed);
    }

    [Fact]
    public void ItsFailuresNameItAndItsSite()
    {
        _other.InBlock = _ => throw new InvalidOperationException("the weak one fails");
        var e = Assert.Throws<SamplingException>(() => Toy.Run(With(new AutoGuidance(2), new BranchNetwork(Branch.Weak, _other))));
        Assert.Contains("chain, which evaluates the branch 'weak', failed at its site blocks.0: the weak one fails", e.Message, StringComparison.Ordinal);

        using var wrong = Denoiser.From(_other.Info with { Name = "wrong" }, (x, _, _) => x.narrow(0, 0, 1));
        e = Assert.Throws<SamplingException>(() => Toy.Run(With(new AutoGuidance(2), new BranchNetwork(Branch.Weak, wrong)), 2));
        Assert.Contains("wrong returned float32 [1, 1, 4, 4] for latents float32 [2, 1, 4, 4]", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ANetworkOfAnotherKindIsRefused()
    {
        Assert.Contains("it predicts Epsilon, this network Flow.", Refused(_net.Info with { Prediction = PredictionType.Epsilon }), StringComparison.Ordinal);
        Assert.Contains("its latents are [1, 8, 8], this network's [1, 4, 4].", Refused(_net.Info with { SampleSize = [1, 8, 8] }), StringComparison.Ordinal);
        Assert.Contains("only it learns variances.", Refused(_net.Info with { LearnedVariance = true }), StringComparison.Ordinal);
        Assert.Contains("it takes Float64, this network Float32.", Refused(_net.Info with { DType = ScalarType.Float64 }), StringComparison.Ordinal);
        Assert.Contains("it has 3 classes, this network 10.", Refused(_net.Info with { Classes = 3 }), StringComparison.Ordinal);
        Assert.Contains("it was trained on other noise levels.", Refused(_net.Info with { Noise = Toy.Noise }), StringComparison.Ordinal);
        Assert.Contains("it is on meta", Refused(_net.Info with { Device = new Device(TorchSharp.DeviceType.META) }), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatNothingAsksForOrTwoBringIsRefused()
    {
        string Conflict(params IStrategy[] strategies) => Assert.Throws<StrategyConflictException>(() => With(strategies)).Message;
        var weak = new BranchNetwork(Branch.Weak, _other);

        Assert.Contains($"{weak.Tag} brings a network for the branch 'weak', which no strategy asks for", Conflict(weak), StringComparison.Ordinal);
        Assert.Contains("which no strategy asks for", Conflict(new BranchNetwork(Branch.Unconditional, _other), new ClassifierFreeGuidance(1)), StringComparison.Ordinal);
        Assert.Contains("both bring a network for the branch 'weak'", Conflict(new AutoGuidance(2), weak, weak), StringComparison.Ordinal);
        Assert.Contains("the change would do nothing", Conflict(new AutoGuidance(2, Where.Blocks), weak), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Sampler.For(_net).NetworkOf(Branch.Conditional, _other));
        Assert.Throws<ArgumentNullException>(() => Sampler.For(_net).NetworkOf(Branch.Weak, null!));
    }

    [Fact]
    public void TwoStrategiesOfOneBranchAreRefusedAndOfDifferentOnesAgree()
    {
        var two = Assert.Throws<StrategyConflictException>(() => With(new SkipLayerGuidance(1, Where.Blocks), new SkipLayerGuidance(2, Where.Attention)));
        Assert.Contains("both have the branch 'skip' for their own; keep one.", two.Message, StringComparison.Ordinal);
        Assert.NotNull(With(
            new SkipLayerGuidance(1, Where.Attention), new PerturbedAttentionGuidance(1, Where.Attention), new SmoothedEnergyGuidance(1, Where.Attention), new GratX { GroupHeight = 1, GroupWidth = 1, Crossover = 0 }));
    }

    [Fact]
    public void APlanHoldsTheGuidanceButNoNetwork()
    {
        var plan = Sampler.For(_net).FlowEuler(4).Use(new AutoGuidance(2, Where.Blocks.OnlyBlocks(0, 2)) { Stop = 0.5 }).Use(new SkipLayerGuidance(3, Where.Blocks.OnlyBlocks(1))).Build().ToPlan();
        Assert.Equal("flow-euler4+AUTO2:blocks@0_2,to0.5+SLG3:blocks@1", plan.Tag);
        Assert.Equal(plan, AccelerationPlan.Parse(plan.Tag));
        Assert.Equal(2, plan.Guidance.Count);
        // A plan names no network: it is brought again, and missed where it is not.
        var sampler = With(new AutoGuidance(2), new BranchNetwork(Branch.Weak, _other));
        var without = AccelerationPlan.FromJson(sampler.ToPlan().ToJson());
        Assert.Equal(Toy.Run(sampler).Values, Toy.Run(Sampler.For(_net).Plan(without).NetworkOf(Branch.Weak, _other).Build()).Values);
        Assert.Equal(Toy.Run(sampler).Values, Toy.Run(Sampler.For(_net).NetworkOf(Branch.Weak, _other).Plan(without).Build()).Values);
        Assert.Contains(".NetworkOf(Branch.Weak, network)", Assert.Throws<StrategyConflictException>(() => Sampler.For(_net).Plan(without).Build()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ASavedSessionKnowsTheOtherNetwork()
    {
        using var other = Denoiser.From(_other.Info with { Weights = "other" }, _other.Predict);
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.session");
        var sampler = With(new AutoGuidance(2), new BranchNetwork(Branch.Weak, _other));
        var request = Toy.Request(2);
        using var condition = request.Condition;
        using var session = sampler.Start(request);
        session.Advance(TestContext.Current.CancellationToken);
        try
        {
            session.Save(path);
            using var loaded = SamplingSession.Load(sampler, path);
            session.RunToEnd(cancellation: TestContext.Current.CancellationToken);
            loaded.RunToEnd(cancellation: TestContext.Current.CancellationToken);
            Assert.Equal(session.Latents.Floats(), loaded.Latents.Floats());
            Assert.Contains("strategies", Assert.ThrowsAny<Exception>(() => SamplingSession.Load(With(new AutoGuidance(2), new BranchNetwork(Branch.Weak, other)), path)).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private sealed class Counting(Action disposed) : IDisposable
    {
        private Action? _disposed = disposed;

        public void Dispose()
        {
            _disposed?.Invoke();
            _disposed = null;
        }
    }
}
