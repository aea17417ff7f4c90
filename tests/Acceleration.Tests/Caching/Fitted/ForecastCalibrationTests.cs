using Acceleration.Tests.Core;
using Acceleration.Tests.Toys;

namespace Acceleration.Tests.Caching.Fitted;

public sealed class ForecastCalibrationTests : LiveTensorTest
{
    public static TheoryData<string, PredictionType> Solvers => new()
    {
        { "ddim20+CFG2", PredictionType.Epsilon },
        { "dpmpp20+CFG2", PredictionType.Epsilon },
        { "euler20+CFG2", PredictionType.Epsilon },
        { "flow-euler20+CFG2", PredictionType.Flow },
    };

    [Theory]
    [MemberData(nameof(Solvers))]
    public void AnAffineNetworkIsReproducedFromOneEvaluationOfEachBranch(string plan, PredictionType type)
    {
        using var network = Toy.Affine(0.3, 0.2, 0.05, type);
        SamplerBuilder Full() => Sampler.For(network).Plan(AccelerationPlan.Parse(plan));
        using var calibration = ForecastCalibration.For(Full());
        Record(calibration, 4, 100);
        var fit = calibration.Fit([new(0)], TestContext.Current.CancellationToken);

        // Latents and outputs of every step are sums of x, c and u of the first one: seeds and labels that the fit has not seen come out as exactly.
        var (expected, _) = Toy.Run(Full().Build(), 9, seed: 7);
        var (values, trace) = Toy.Run(Sampler.For(network).Plan(calibration.Plan(fit.Forecast)).Build(), 9, seed: 7);
        Assert.Equal(2, trace.Evaluations);
        Assert.InRange(fit.Decibels, 60, double.PositiveInfinity);
        var largest = expected.Max(Math.Abs);
        Assert.All(expected.Zip(values), p => Assert.InRange(Math.Abs(p.First - p.Second), 0, 1e-3 * largest));
    }

    [Fact]
    public void LatentsAloneServeWhereANetworkIsAMultipleOfThem()
    {
        using var network = Toy.Affine(0.9, 0, type: PredictionType.Epsilon);
        using var calibration = ForecastCalibration.For(Sampler.For(network).Ddim(20).Guidance(2));
        Record(calibration, 3, 100);
        var fit = calibration.Fit([new(12, EvaluatedBranches.Conditional)], TestContext.Current.CancellationToken);
        Assert.Equal((EvaluatedBranches.None, 1), (fit.Forecast.Spans[0].Evaluates, fit.Forecast.Evaluations));
        Assert.InRange(fit.Decibels, 60, double.PositiveInfinity);
    }

    [Fact]
    public void AFitIsBetterThanAPolynomialAtTheSameStepsAndASearchBetterStill()
    {
        using var network = new ChainToy();
        SamplerBuilder Full() => Sampler.For(network).FlowEuler(20).Guidance(2);
        using var calibration = ForecastCalibration.For(Full());
        Record(calibration, 10, 100);
        Record(calibration, 10, 200);
        Assert.Equal((20, 40), (calibration.Trajectories, calibration.FullEvaluations));
        ForecastStep[] start = [new(0), new(5), new(10), new(15)];
        var fit = calibration.Fit(start, TestContext.Current.CancellationToken);
        var told = new List<ForecastSearchProgress>();
        var found = calibration.Search(8, start, tries: 12, new Told(told), TestContext.Current.CancellationToken);

        var (expected, _) = Toy.Run(Full().Build(), 10, seed: 7);
        double Error(IStrategy strategy) => Toy.Run(Full().Use(strategy).Build(), 10, seed: 7).Values.Zip(expected, (a, b) => (a - b) * (a - b)).Average();
        Assert.InRange(Error(fit.Forecast) / Error(new StepForecast([0, 5, 10, 15], Order: 1)), 0, 0.5);
        Assert.InRange(found.Decibels, fit.Decibels + 0.5, double.PositiveInfinity);
        Assert.Equal(8, found.Forecast.Evaluations);
        Assert.Equal(Enumerable.Range(1, 12), told.Select(t => t.Tried));
        Assert.Equal(found.Steps, told[^1].Steps);
        Assert.Equal(told.Select(t => t.Decibels).Order(), told.Select(t => t.Decibels));
    }

    [Fact]
    public void AFlowIsAskedAtOnceAndOftenAtFirstAndNoiseLateAndOftenAtLast()
    {
        int[] Begins(SamplerBuilder builder)
        {
            using var calibration = ForecastCalibration.For(builder);
            Record(calibration, 1, 100);
            return [.. calibration.Search(14, tries: 0, cancellation: TestContext.Current.CancellationToken).Steps.Select(s => s.Step)];
        }

        using var flow = Toy.Affine(0.3, 0.2, 0.05, PredictionType.Flow);
        using var noise = Toy.Affine(0.3, 0.2, 0.05, PredictionType.Epsilon);
        Assert.Equal([0, 1, 4, 9, 15, 23, 33, 44], Begins(Sampler.For(flow).FlowEuler(50).Guidance(2)));
        Assert.Equal([5, 13, 20, 27, 33, 39, 44, 47], Begins(Sampler.For(noise).Ddim(50).Guidance(2)));
    }

    [Fact]
    public void AListFittedAfterOthersIsAsIfItWereAlone()
    {
        using var network = new ChainToy();
        using var calibration = ForecastCalibration.For(Sampler.For(network).FlowEuler(12).Guidance(2));
        Record(calibration, 4, 100);
        var found = calibration.Search(7, tries: 9, cancellation: TestContext.Current.CancellationToken);
        var alone = calibration.Search(7, found.Steps, tries: 0, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(alone.Steps, found.Steps);
        Assert.InRange(found.Decibels, alone.Decibels - 1e-3, double.PositiveInfinity);
    }

    [Fact]
    public void ARunWithoutGuidanceHasOneBranch()
    {
        using var network = new ChainToy();
        using var calibration = ForecastCalibration.For(Sampler.For(network).FlowEuler(12));
        Record(calibration, 4, 100);
        var fit = calibration.Search(4, tries: 2, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(4, fit.Steps.Count);
        Assert.All(fit.Forecast.Spans, s => Assert.Empty(s.Unconditional));
        var (_, trace) = Toy.Run(Sampler.For(network).Plan(calibration.Plan(fit.Forecast)).Build());
        Assert.Equal((4, 12), (trace.Evaluations, trace.FullEvaluations));
    }

    [Fact]
    public void APlanOfAForecastSaysWhatItWasMadeFor()
    {
        using var network = new ChainToy();
        using var other = new ChainToy(blocks: 4);
        using var calibration = ForecastCalibration.For(Sampler.For(network).FlowEuler(6).Guidance(2));
        Record(calibration, 2, 100);
        var plan = calibration.Plan(calibration.Fit([new(1, EvaluatedBranches.Conditional), new(3)], TestContext.Current.CancellationToken).Forecast);

        Assert.Equal(plan, AccelerationPlan.FromJson(plan.ToJson()));
        string[] Differences(SamplerBuilder builder) => [.. Assert.Throws<CalibrationException>(builder.Build).Differences];
        Assert.Equal(["guidance scale 2, here 3"], Differences(Sampler.For(network).Plan(plan with { Guidance = [new ClassifierFreeGuidance(3), plan.Guidance[1]] })));
        Assert.Equal(["6 steps, here 8"], Differences(Sampler.For(network).Plan(plan).FlowEuler(8)));
        Assert.Single(Differences(Sampler.For(other).Plan(plan)));
    }

    [Fact]
    public void WhatCannotBeFittedIsRefused()
    {
        using var network = new ChainToy();
        SamplerBuilder Guided() => Sampler.For(network).FlowEuler(6).Guidance(2);
        Assert.Contains("calibrate without IF3", Assert.Throws<ArgumentException>(() => ForecastCalibration.For(Guided().Use(new IntervalForecast(3)))).Message);
        using var calibration = ForecastCalibration.For(Guided());
        Assert.Contains("record some first", Assert.Throws<InvalidOperationException>(() => calibration.Fit([new(0)], cancellation: TestContext.Current.CancellationToken)).Message);
        using var condition = Conditioning.Labels(1);
        using var negative = Conditioning.Labels(2);
        Assert.Contains("negative condition", Assert.Throws<ArgumentException>(() => calibration.Record(new() { Condition = condition, Negative = negative }, TestContext.Current.CancellationToken)).Message);
        Record(calibration, 2, 1);
        Assert.Contains("Steps ascend within 0 to 5", Assert.Throws<ArgumentException>(() => calibration.Fit([new(6)], cancellation: TestContext.Current.CancellationToken)).Message);
        Assert.Contains("got 2, 2", Assert.Throws<ArgumentException>(() => calibration.Fit([new(2), new(2)], cancellation: TestContext.Current.CancellationToken)).Message);
        Assert.Contains("for 4 evaluations and begins with 2", Assert.Throws<ArgumentException>(() => calibration.Search(4, [new(2)], cancellation: TestContext.Current.CancellationToken)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => calibration.Search(12, cancellation: TestContext.Current.CancellationToken));
        Assert.Throws<ArgumentOutOfRangeException>(() => calibration.Search(0, cancellation: TestContext.Current.CancellationToken));
    }

    [Fact]
    public void StoppingLeavesNothingBehind()
    {
        using var network = new ChainToy();
        using var calibration = ForecastCalibration.For(Sampler.For(network).FlowEuler(12).Guidance(2));
        Record(calibration, 2, 100);
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => calibration.Search(8, tries: 20, progress: new Stopping(stop), cancellation: stop.Token));
        Assert.Throws<OperationCanceledException>(() => calibration.Fit([new(0)], stop.Token));
        using var condition = Conditioning.Labels(1);
        Assert.Throws<OperationCanceledException>(() => calibration.Record(new() { Condition = condition }, stop.Token));
        Assert.Equal(2, calibration.Trajectories);
    }

    private static void Record(ForecastCalibration calibration, int samples, long seed)
    {
        var request = Toy.Request(samples, seed);
        using var condition = request.Condition;
        calibration.Record(request, TestContext.Current.CancellationToken);
    }

    private sealed class Told(List<ForecastSearchProgress> told) : IProgress<ForecastSearchProgress>
    {
        public void Report(ForecastSearchProgress value) => told.Add(value);
    }

    private sealed class Stopping(CancellationTokenSource stop) : IProgress<ForecastSearchProgress>
    {
        public void Report(ForecastSearchProgress value) => stop.Cancel();
    }
}
