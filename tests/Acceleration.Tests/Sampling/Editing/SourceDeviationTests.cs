using Acceleration.Tests.Caching;
using Acceleration.Tests.Core;
using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Sampling.Editing;

/// <summary>Editing by the deviation along a source's own trajectory, and keeping that deviation.</summary>
public sealed class SourceDeviationTests : CoreTest
{
    private const int Steps = 12;
    private readonly Tensor _source = Toy.Matrix(11, 0.8, 2, 1, 4, 4);

    /// <summary>Latents at the end, and the trace, with labels 3 and 4 for the source.</summary>
    private static (float[] Values, Trace Trace) Run(Sampler sampler, int samples = 2, long seed = 5, bool withSource = true, bool cloned = false)
    {
        using var source = Conditioning.Labels([.. Enumerable.Range(3, samples).Select(i => (long)i)]);
        var request = Toy.Request(samples, seed) with { Others = withSource ? [source] : [] };
        using var condition = request.Condition;
        using var session = sampler.Start(request);
        for (var i = 0; i < 5; i++)
        {
            session.Advance(TestContext.Current.CancellationToken);
        }

        using var clone = cloned ? session.Clone() : null;
        var rest = clone ?? session;
        rest.RunToEnd(cancellation: TestContext.Current.CancellationToken);
        return (rest.Latents.Floats(), rest.Trace);
    }

    private static int SourceCalls(Trace trace, int samples = 2) => trace.Steps.Count(s => s.ComputedRows > samples);

    [Fact]
    public void TheSourcesOwnConditionBringsTheSourceBack()
    {
        using var network = new ChainToy();
        using var same = Conditioning.Labels(0, 1);
        var request = Toy.Request(2) with { Others = [same] };
        using var condition = request.Condition;
        using var result = Sampler.For(network).FlowEuler(Steps).EditFrom(network, _source).Build().Generate(request, cancellation: TestContext.Current.CancellationToken);
        Close.All(_source.Floats(), result.Latents.Floats());
        Assert.NotEqual(_source.Floats(), Run(Sampler.For(network).FlowEuler(Steps).EditFrom(network, _source).Build()).Values);
    }

    [Fact]
    public void AThresholdOfZeroEvaluatesTheSourceInEveryStepBitForBit()
    {
        using var network = new ChainToy();
        var (values, trace) = Run(Sampler.For(network).FlowEuler(Steps).EditFrom(network, _source).Build());
        var (kept, same) = Run(Sampler.For(network).FlowEuler(Steps).EditFrom(network, _source).Use(CorrectionCache.OfDeviation(0)).Build());
        Assert.Equal(values, kept);
        Assert.Equal((Steps, Steps), (SourceCalls(trace), SourceCalls(same)));
        Assert.Equal(2 * Steps, trace.Evaluations);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.1)]
    [InlineData(1e6)]
    public void WithoutAShareOfTheDeviationItIsPlainGeneration(double threshold)
    {
        using var network = new ChainToy();
        var (plain, _) = Run(Sampler.For(network).FlowEuler(Steps).Build(), withSource: false);
        var (values, trace) = Run(Sampler.For(network).FlowEuler(Steps).EditFrom(network, _source, lambda: 0).Use(CorrectionCache.OfDeviation(threshold)).Build());
        Assert.Equal(plain, values);
        Assert.Equal(0, SourceCalls(trace));
    }

    [Fact]
    public void AConstantDeviationIsKeptExactlyFromTheThirdStepOn()
    {
        using var network = Toy.Affine(0, 0.3, shift: 0.2);
        var (values, _) = Run(Sampler.For(network).FlowEuler(Steps).EditFrom(network, _source).Build());
        var (kept, trace) = Run(Sampler.For(network).FlowEuler(Steps).EditFrom(network, _source).Use(CorrectionCache.OfDeviation(0.001)).Build());
        Close.All(values, kept);

        // Two at the start and the last.
        Assert.Equal(3, SourceCalls(trace));
        Assert.All(trace.Steps, s => Assert.InRange(s.ComputedRows, 2, 4));
    }

    [Fact]
    public void ItGoesTogetherWithGuidanceOtherSolversAndClones()
    {
        using var network = new ChainToy();
        SamplerBuilder[] builders = [Sampler.For(network).FlowEuler(Steps).Guidance(2), Sampler.For(network).UniPc(Steps), Sampler.For(network).FlowEuler(Steps, stochastic: true).SeparateBranches()];
        foreach (var builder in builders)
        {
            var sampler = builder.EditFrom(network, _source).Use(CorrectionCache.OfDeviation(0.5)).Build();
            var (values, trace) = Run(sampler);
            Assert.Equal(values, Run(sampler, cloned: true).Values);
            Assert.True(SourceCalls(trace, builder == builders[0] ? 4 : 2) < Steps);
            Assert.All(values, v => Assert.True(float.IsFinite(v)));
        }
    }

    [Fact]
    public void OneSourceServesAllSamples()
    {
        using var network = new ChainToy();
        Sampler With(Tensor source) => Sampler.For(network).FlowEuler(Steps).EditFrom(network, source).Build();
        Assert.Equal(Run(With(cat([_source[0..1], _source[0..1], _source[0..1]], 0)), 3).Values, Run(With(_source[0..1]), 3).Values);
    }

    [Fact]
    public void WhatCannotBeEditedIsRefused()
    {
        using var network = new ChainToy();
        using var noise = new ChainToy(3, PredictionType.Epsilon);
        Assert.Contains("predict a flow", Assert.Throws<StrategyConflictException>(Sampler.For(noise).Ddim(Steps).EditFrom(noise, _source).Build).Message, StringComparison.Ordinal);
        var sampler = Sampler.For(network).FlowEuler(Steps).EditFrom(network, _source).Build();
        Assert.Contains("3 samples of [1, 4, 4] need [3 or 1, 1, 4, 4]", Assert.Throws<ArgumentException>(() => Run(sampler, 3)).Message, StringComparison.Ordinal);
        Assert.Contains("further condition", Assert.Throws<ArgumentException>(() => Run(sampler, withSource: false)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Sampler.For(network).EditFrom(network, _source, double.NaN));
    }
}
