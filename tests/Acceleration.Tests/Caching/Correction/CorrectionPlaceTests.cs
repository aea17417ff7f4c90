using Acceleration.Tests.Core;
using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Caching.Correction;

/// <summary>What guidance branches bring is a place like any other: all of them or one, under any decision and approximation.</summary>
public sealed class CorrectionPlaceTests : CoreTest
{
    private readonly Tensor _pattern = Toy.Matrix(3, 0.2, 1, 1, 4, 4);

    public CorrectionPlaceTests() => Own(_pattern);

    /// <summary>The output is the latents, and beyond them the label times a pattern that grows with time.</summary>
    private IDenoiser Network(double perTime = 0) => Denoiser.From(Toy.Info("corrected"), (x, t, c) =>
        x + (Toy.PerRow(c["labels"].to(ScalarType.Float32) * ((t * (perTime / 1000)) + 1), x) * _pattern));

    private static Cached Kept(Where where, int every = 3, How? how = null) => new(where, new Interval(every), how ?? How.LastResidual);

    private static Sampler Guided(IDenoiser network, params IStrategy[] strategies) => strategies.Aggregate(Sampler.For(network).FlowEuler(9).Guidance(3), (b, s) => b.Use(s)).Build();

    [Fact]
    public void AConstantCorrectionIsExactWhetherBranchesShareACallOrNot()
    {
        using var network = Network();
        var (expected, full) = Toy.Run(Guided(network), 2);
        var (values, trace) = Toy.Run(Guided(network, Kept(Where.Correction)), 2);
        Close.All(expected, values);
        Assert.Equal([4, 2, 2, 4, 2, 2, 4, 2, 4], trace.Steps.Select(s => s.ComputedRows));
        Assert.Equal(full.Evaluations, trace.FullEvaluations);
        Assert.Equal(trace.Steps.SelectMany(s => s.Decisions.Select(d => (d.Site, s.ComputedRows == 2))), trace.Steps.SelectMany(s => s.Decisions.Select(d => ("correction", d.Skip))));

        var apart = Sampler.For(network).FlowEuler(9).Guidance(3).Use(Kept(Where.Correction)).SeparateBranches().Build();
        Close.All(expected, Toy.Run(apart, 2).Values);
    }

    [Fact]
    public void ALineIsExactOnACorrectionLinearInTime()
    {
        using var network = Network(perTime: 2);
        var (expected, _) = Toy.Run(Guided(network), 2);
        Close.All(expected, Toy.Run(Guided(network, new Cached(Where.Correction, new Interval(3, 2), new How(Quantity.Residual, new Polynomial(1)))), 2).Values);
        Assert.True(Toy.Run(Guided(network, Kept(Where.Correction)), 2).Values.Zip(expected).Max(p => Math.Abs(p.First - p.Second)) > 1e-2);
    }

    [Fact]
    public void TheBandsOfFasterCacheAreThoseOfCfgCacheBitForBit()
    {
        using var network = new ChainToy();
        foreach (var compounding in new[] { false, true })
        {
            var expected = Toy.Run(Guided(network, new CfgCache(4) { SkipBelow = 900, LowFactor = 1.3, HighFactor = 0.8, Compounding = compounding }), 3).Values;
            var bands = new FrequencySplit(Quantity.Residual) { LowFactor = 1.3, HighFactor = 0.8, Compounding = compounding };
            Assert.Equal(expected, Toy.Run(Guided(network, new Cached(Where.Correction, new TimedInterval(4, -1, 900), bands)), 3).Values);
        }
    }

    [Fact]
    public void OneBranchIsLeftOutAndOthersAreNot()
    {
        using var network = Network();
        using var other = Conditioning.Labels(4, 5);
        Sampler With(params IStrategy[] s) => s.Aggregate(Sampler.For(network).FlowEuler(6).Use(new ComposedGuidance(2, [0.7])), (b, one) => b.Use(one)).Build();
        (float[] Values, Trace Trace) Run(Sampler sampler)
        {
            var request = Toy.Request(2) with { Others = [other] };
            using var condition = request.Condition;
            using var result = sampler.Generate(request);
            return (result.Latents.Floats(), result.Trace);
        }

        var expected = Run(With()).Values;
        var (values, trace) = Run(With(Kept(Where.CorrectionOf(Branch.Other(0)))));
        Close.All(expected, values);
        Assert.Equal([6, 4, 4, 6, 4, 6], trace.Steps.Select(s => s.ComputedRows));
        (values, trace) = Run(With(Kept(Where.Correction)));
        Close.All(expected, values);
        Assert.Equal([6, 2, 2, 6, 2, 6], trace.Steps.Select(s => s.ComputedRows));
    }

    [Fact]
    public void TheWeakBranchOfAutoguidanceIsKeptToo()
    {
        using var network = new ChainToy();
        var builder = Sampler.For(network).FlowEuler(7).Use(new AutoGuidance(2, Where.Blocks.OnlyBlocks(1))).Use(Kept(Where.Correction));
        var (values, trace) = Toy.Run(builder.Build(), 2);
        Assert.Equal([4, 2, 2, 4, 2, 2, 4], trace.Steps.Select(s => s.ComputedRows));
        Assert.All(values, v => Assert.True(float.IsFinite(v)));
    }

    [Fact]
    public void SamplesThatDecideApartShareACall()
    {
        using var network = Network();
        var apart = new Cached(Where.Correction, new BySample((step, sample) => step > 0 && (step + sample) % 2 == 0), How.LastResidual);
        var (expected, _) = Toy.Run(Guided(network), 3);
        var (values, trace) = Toy.Run(Guided(network, apart), 3);
        Close.All(expected, values);
        Assert.Equal([6, 5, 4, 5, 4, 5, 4, 5, 4], trace.Steps.Select(s => s.ComputedRows));
    }

    [Fact]
    public void ItStacksOnACacheOfTheNetworkAndKeepsOnlyWhatWasReallyComputed()
    {
        using var network = Network();
        var (expected, _) = Toy.Run(Guided(network), 2);
        var (values, trace) = Toy.Run(Guided(network, Kept(Where.Correction, 2), new Cached(Where.Network, new Interval(3), How.LastResidual)), 2);
        Close.All(expected, values);
        Assert.True(trace.Evaluations < 9 * 2);
    }

    [Fact]
    public void EachCallOfATwoCallStepHasACorrectionOfItsOwn()
    {
        using var network = new ChainToy();
        SamplerBuilder Heun() => Sampler.For(network).FlowHeun(6).Guidance(3);
        var (plain, _) = Toy.Run(Heun().Build(), 2);
        Assert.Equal(plain, Toy.Run(Heun().Use(Kept(Where.Correction, 1)).Build(), 2).Values);
        var (_, trace) = Toy.Run(Heun().Use(Kept(Where.Correction, 2)).Build(), 2);
        Assert.Equal([8, 4, 8, 4, 8, 4], trace.Steps.Select(s => s.ComputedRows));
    }

    [Theory]
    [InlineData("correction", "no correction to keep")]
    [InlineData("correction.1", "no correction to keep")]
    [InlineData("correction~network", "a line of its own")]
    public void ItIsRefusedWhereThereIsNone(string where, string reason)
    {
        using var network = Network();
        var builder = Sampler.For(network).FlowEuler(4).Use(Kept(Where.Parse(where)));
        Assert.Contains(reason, Assert.Throws<StrategyConflictException>(builder.Build).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ItIsRefusedForABranchThatNobodyAsksForAndBesideAnotherChoiceOfBranches()
    {
        using var network = Network();
        string RefusedOn(IDenoiser on, params IStrategy[] strategies) => Assert.Throws<StrategyConflictException>(() => Guided(on, strategies)).Message;
        string Refused(params IStrategy[] strategies) => RefusedOn(network, strategies);
        Assert.Contains("branch 16", Refused(Kept(Where.CorrectionOf(Branch.Other(0)))), StringComparison.Ordinal);
        Assert.Contains("both decide which guidance branches are evaluated", Refused(Kept(Where.Correction), new AdaptiveGuidance(0.9)), StringComparison.Ordinal);
        using var chain = new ChainToy();
        Assert.Contains("decides on", RefusedOn(chain, new Cached(Where.Correction, new SignalDrift(0.1, [1, 0]), How.LastResidual)), StringComparison.Ordinal);
        Assert.Contains("works on what the first blocks", Refused(new Cached(Where.Correction, new FirstBlocksChange(0.1), How.LastResidual)), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Where.CorrectionOf(Branch.Conditional));
        Assert.Throws<ArgumentException>(() => Where.Parse("correction.0"));
    }
}
