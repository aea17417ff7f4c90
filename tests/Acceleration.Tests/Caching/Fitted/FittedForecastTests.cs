using Acceleration.Tests.Core;
using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Caching.Fitted;

public sealed class FittedForecastTests : LiveTensorTest
{
    private static readonly ForecastSpan[] Some =
    [
        new(0, EvaluatedBranches.None, 0.9, [], []),
        new(2, EvaluatedBranches.Conditional, 0.1, [0.8], []),
        new(5, EvaluatedBranches.All, 0.1, [1.6, 0.2], [-0.9]),
        new(9, EvaluatedBranches.Conditional, 0, [1.5, 0.1], [-0.6]),
    ];

    [Fact]
    public void WithoutSpansNothingChanges()
    {
        using var network = new ChainToy();
        var (plain, _) = Toy.Run(Guided(network).Build(), 2);
        var (none, _) = Toy.Run(Guided(network).Use(new FittedForecast([])).Build(), 2);
        Assert.Equal(plain, none);
    }

    [Fact]
    public void WhatASpanEvaluatesIsAllThatIsEvaluated()
    {
        using var network = new ChainToy();
        var forecast = new FittedForecast(Some);
        var (_, trace) = Toy.Run(Guided(network).Use(forecast).Build(), 2);

        Assert.Equal([0, 0, 2, 0, 0, 4, 0, 0, 0, 2], trace.Steps.Select(s => s.ComputedRows));
        Assert.Equal((4, 20), (trace.Evaluations, trace.FullEvaluations));
        Assert.Equal(4, forecast.Evaluations);
        Assert.Equal([true, true, false, true, true, false, true, true, true, false], trace.Steps.Select(s => s.Decisions.First(d => d.Sample == 1).Skip));
    }

    [Fact]
    public void OneWeightOnTheConditionIsTheConditionHeld()
    {
        using var network = new ChainToy();
        var fitted = new FittedForecast([new(0, EvaluatedBranches.All, 0, [1], []), new(4, EvaluatedBranches.All, 0, [1], [])]);
        var (values, _) = Toy.Run(Guided(network).Use(fitted).Build(), 2);
        var (held, _) = Toy.Run(Sampler.For(network).FlowEuler(10).Use(new StepForecast([0, 4], Order: 0)).Build(), 2);
        Assert.Equal(held, values);
    }

    [Fact]
    public void ASampleComesOutOfABatchAsAloneAndOutOfACloneAsWhole()
    {
        using var network = new ChainToy();
        var sampler = Guided(network).Use(new FittedForecast(Some)).Build();
        var (both, _) = Toy.Run(sampler, 2);
        var (first, _) = Toy.Run(sampler, 1);
        Assert.Equal(both[..first.Length].Select(v => Math.Round(v, 4)), first.Select(v => Math.Round(v, 4)));

        var request = Toy.Request(2);
        using var condition = request.Condition;
        using var session = sampler.Start(request);
        for (var i = 0; i < 7; i++)
        {
            session.Advance(TestContext.Current.CancellationToken);
        }

        using var clone = session.Clone();
        clone.RunToEnd(cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(both, clone.Latents.Floats());
    }

    [Fact]
    public void WhatItRemembersIsNeverGivenBack()
    {
        using var network = new ChainToy();
        var (roomy, held) = Toy.Run(Guided(network).Use(new FittedForecast(Some)).Build(), 2);
        var (narrow, _) = Toy.Run(Guided(network).CacheBudget(1).Use(new FittedForecast(Some)).Build(), 2);
        Assert.Equal(roomy, narrow);

        // Three conditional outputs, an unconditional one and the sum.
        Assert.Equal(5 * 2 * 4 * 16, held.PeakCacheBytes);
    }

    [Fact]
    public void ANetworkThatPredictsItsVarianceKeepsTheNewestOne()
    {
        var info = Toy.Info("variance", PredictionType.Epsilon) with { LearnedVariance = true };
        using var network = Denoiser.From(info, (x, t, _) => cat([x * 0.5, (x * 0) + Toy.PerRow(t / 1000.0, x)], 1));
        var forecast = new FittedForecast([new(0, EvaluatedBranches.All, 0, [1], []), new(5, EvaluatedBranches.Conditional, 0, [1], [])]);
        var (values, trace) = Toy.Run(Sampler.For(network).Ddpm(10).Guidance(2).Use(forecast).Build());
        Assert.Equal(3, trace.Evaluations);
        Assert.All(values, v => Assert.True(float.IsFinite(v)));
        var early = new FittedForecast([new(0, EvaluatedBranches.None, 1, [], [])]);
        Assert.Contains("evaluate step 0", Assert.Throws<StrategyConflictException>(Sampler.For(network).Ddpm(10).Guidance(2).Use(early).Build).Message);
    }

    [Fact]
    public void WhatItsWeightsDoNotHoldForIsRefused()
    {
        using var network = new ChainToy();
        void Refused(string reason, SamplerBuilder builder) => Assert.Contains(reason, Assert.Throws<StrategyConflictException>(builder.Use(new FittedForecast(Some)).Build).Message);
        Refused("add .Guidance(scale)", Sampler.For(network).FlowEuler(10));
        Refused("the run has stages", Sampler.For(network).Solve(new Bottleneck([new BottleneckStage(1, 14), new BottleneckStage(1, 14)])).Guidance(2));
        Refused("heun asks the network several times", Sampler.For(network).Solve(new TwoCallTests.Heun(), TwoCallTests.Grid(12)).Guidance(2));
        Refused("weights for step 9, and the last one is 5", Guided(network, 6));
        Refused("both decide which guidance branches", Guided(network).Use(new AdaptiveGuidance()));
        using var condition = Conditioning.Labels(1);
        using var negative = Conditioning.Labels(2);
        var sampler = Guided(network).Use(new FittedForecast(Some)).Build();
        Assert.Contains("negative condition", Assert.Throws<ArgumentException>(() => sampler.Start(new() { Condition = condition, Negative = negative })).Message);
    }

    [Fact]
    public void SpansThatCannotBeAreRefused()
    {
        void Wrong(string reason, params ForecastSpan[] spans) => Assert.Contains(reason, Assert.Throws<ArgumentException>(() => new FittedForecast(spans)).Message);
        Wrong("begins at step 0, not 1", new ForecastSpan(1, EvaluatedBranches.All, 0, [1], []));
        Wrong("step 2 comes after 2", Some[0], Some[1], Some[1]);
        Wrong("weighs 1 conditional and 0 unconditional outputs; 0 and 0", new ForecastSpan(0, EvaluatedBranches.None, 0, [1], []));
        Wrong("weighs 1 conditional and 1 unconditional outputs; 1 and 0", new ForecastSpan(0, EvaluatedBranches.Conditional, 0, [1], [1]));
        Wrong("missing", Some[0], null!);
        Assert.Throws<ArgumentOutOfRangeException>(() => new ForecastSpan(0, EvaluatedBranches.All, double.NaN, [], []));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ForecastSpan(0, EvaluatedBranches.All, 0, [double.PositiveInfinity], []));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ForecastSpan(-1, EvaluatedBranches.All, 0, [], []));
    }

    private static SamplerBuilder Guided(IDenoiser network, int steps = 10) => Sampler.For(network).FlowEuler(steps).Guidance(2);
}
