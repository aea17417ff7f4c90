using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Caching.Methods;

public sealed class SadaTests
{
    private const string Pattern = "CCCCCCCCCCCCCCCCCCCCCCCCCCsssCsssCsssCsssCsssCssCC";

    [Fact]
    public void AnEmptyRangeChangesNoBit()
    {
        using var network = new ChainToy();
        var (plain, _) = Toy.Run(Sampler.For(network).FlowEuler(12).Build(), 2);
        var (values, trace) = Toy.Run(Sampler.For(network).FlowEuler(12).Use(new Sada(6, 6) { LagrangeFrom = 6 }).Build(), 2);
        Assert.Equal(plain, values);
        Assert.Equal(12, trace.Evaluations);
    }

    [Fact]
    public void CleanSamplesThatArePolynomialsOfTheStepAreInterpolatedExactly()
    {
        static double Parabola(int step) => 1 - (0.3 * step) + (0.02 * step * step);
        using var network = Denoiser.From(Toy.Info("parabola", PredictionType.Sample), (x, _, _, e) => x.mul(0).add(Parabola(e.Step.Index)));
        var latents = Enumerable.Range(0, 24).Select(_ => ones(1, 1, 4, 4)).ToArray();
        foreach (var (terms, exact) in new[] { (4, true), (3, true), (2, false) })
        {
            var replay = new Replay(latents);
            var trace = replay.Run(network, new Sada(10, 22) { LagrangeFrom = 10, LagrangeTerms = terms });
            Assert.Equal("CCCCCCCCCCCssCsssCsssCsC", EasyCacheTests.Skips(trace));
            Assert.Equal(exact, replay.Outputs.Index().All(o => Math.Abs(o.Item[0] - Parabola(o.Index)) < 1e-4));
        }

        Array.ForEach(latents, t => t.Dispose());
    }

    [Fact]
    public void GradientsThatAreLinearInTimeAreFollowedExactly()
    {
        double[] nodes = [0.7, 0.95, 1.05];
        double Gradient(double u) => 2 - (3 * u);
        double Way(double to) => (2 * (to - nodes[0])) - (1.5 * ((to * to) - (nodes[0] * nodes[0])));
        Assert.Equal(Way(0.4), GradientTime.Moves(nodes, nodes[0], 0.4).Zip(nodes, (w, u) => w * Gradient(u)).Sum(), 12);
        Assert.Equal(Way(0.4), GradientTime.Moves(nodes[..2], nodes[0], 0.4).Zip(nodes, (w, u) => w * Gradient(u)).Sum(), 12);

        // Over even steps these are the paper's weights; the released code's follow a constant alone.
        Assert.All(GradientTime.Moves([3, 4, 5], 3, 2).Zip([-5 / 6.0, -5 / 6.0, 2 / 3.0]), w => Assert.Equal(w.Second, w.First, 12));
        var published = GradientTime.Published(3, 1);
        Assert.Equal(-1, published.Sum(), 12);
        Assert.Equal(0, (published[1] * 1) + (published[2] * 2), 12);
        Assert.Equal(2, GradientTime.Ratio([1, 3, 4]));
    }

    [Fact]
    public void AConstantVelocityIsStableSkippedAndExact()
    {
        using var network = Toy.Constant(0.7);
        Sampler Make(params IStrategy[] s) => s.Aggregate(Sampler.For(network).FlowEuler(20), (b, x) => b.Use(x)).Build();
        var (plain, _) = Toy.Run(Make(), 2);
        foreach (var published in new[] { false, true })
        {
            var (values, trace) = Toy.Run(Make(new Sada(4, 17, 2) { Published = published }), 2);
            Close.All(plain, values);
            Assert.Equal("CCCCCssCssCssCssCsCC", EasyCacheTests.Skips(trace));
        }
    }

    [Theory]
    [InlineData(PredictionType.Epsilon)]
    [InlineData(PredictionType.Velocity)]
    public void TheSecondPhaseComputesOneStepInFour(PredictionType type)
    {
        using var network = new ChainToy(type: type);
        foreach (var published in new[] { false, true })
        {
            var (_, trace) = Toy.Run(Sampler.For(network).DpmSolver(50).Use(new Sada(24, 47) { LagrangeFrom = 24, Published = published }).Build());
            Assert.Equal(Pattern, EasyCacheTests.Skips(trace));
        }
    }

    [Fact]
    public void NoMoreStepsInARowAreSkippedThanAllowed()
    {
        using var network = new ChainToy();
        var (_, trace) = Toy.Run(Sampler.For(network).FlowEuler(24).Use(new Sada(4, 22, 2) { LagrangeFrom = 4, LagrangeEvery = 8 }).Build());
        Assert.DoesNotContain("sss", EasyCacheTests.Skips(trace), StringComparison.Ordinal);
        Assert.Contains("ss", EasyCacheTests.Skips(trace), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(15, 7)]
    [InlineData(25, 8)]
    [InlineData(50, 10)]
    public void TheRangeGrowsWithTheRunAsPublished(int steps, int from)
    {
        using var network = Toy.Constant(0.7);
        var (_, trace) = Toy.Run(Sampler.For(network).FlowEuler(steps).Use(new Sada()).Build());
        Assert.Equal(from + 1, EasyCacheTests.Skips(trace).IndexOf('s'));
        Assert.EndsWith("CC", EasyCacheTests.Skips(trace), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsNotFiniteIsComputed()
    {
        using var network = Denoiser.From(Toy.Info("broken"), (x, _, _, e) => e.Step.Index == 6 ? x.mul(double.NaN) : x.mul(0));
        var latents = Enumerable.Range(0, 12).Select(_ => ones(1, 1, 4, 4)).ToArray();
        var trace = new Replay(latents).Run(network, new Sada(4, 11, 1));
        Assert.Equal("CCCCCsCCCCsC", EasyCacheTests.Skips(trace));
        Array.ForEach(latents, t => t.Dispose());
    }

    [Fact]
    public void WhatItCannotWorkWithIsRefusedWithTheReason()
    {
        using var flow = new ChainToy();
        using var epsilon = Denoiser.From(flow.Info with { Prediction = PredictionType.Sample, Noise = Toy.Noise }, flow.Predict);
        Refused("several times in a step", Sampler.For(flow).Solve(new FlowHeun(), new FlowGrid(8)).Use(new Sada()));
        Refused("no rule for a network that predicts Sample", Sampler.For(epsilon).DpmSolver(8).Use(new Sada { Published = true }));
        Refused("stability is that of the guided prediction", Sampler.For(flow).FlowEuler(8).Use(new Cached(Where.Network, new Stability(), How.LastValue)));
        Refused("extrapolated at the guided prediction", Sampler.For(flow).FlowEuler(8).Use(new Cached(Where.Network, new Interval(2), new AdamsMoulton())));
        Refused("known at the prediction alone", Sampler.For(flow).FlowEuler(8).Use(new Cached(Where.Chain, new Interval(2), new How(Quantity.Clean))));
        using var unsaid = Denoiser.From(flow.Info with { Prediction = PredictionType.Epsilon, Clock = NetworkClock.LogSigma }, flow.Predict);
        Refused("needs the betas of training", Sampler.For(unsaid).Solve(new EdmEuler(), new EdmGrid(8)).Use(new Sada { Published = true }));
    }

    private static void Refused(string reason, SamplerBuilder builder) => Assert.Contains(reason, Assert.Throws<StrategyConflictException>(builder.Build).Message, StringComparison.Ordinal);
}
