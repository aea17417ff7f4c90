using Acceleration.Tests.Caching;
using Acceleration.Tests.Core;
using Acceleration.Tests.Toys;

namespace Acceleration.Tests.Guidance;

public sealed class GuidanceIntervalTests : LiveTensorTest
{
    private const int Steps = 10;

    /// <summary>Every form of an interval that holds all steps.</summary>
    public static TheoryData<string> Whole => ["GI:share", "GI:sigma", "GI:time-1to1001", "GI:steps", "GI:at0.1.2.3.4.5.6.7.8.9", "StepAG1"];

    /// <summary>Every form of an interval that holds none.</summary>
    public static TheoryData<string> Empty => ["GI:share0.3to0.3", "GI:share0.99to0.99", "GI:sigma0.2to0.2", "GI:sigma1000", "GI:time1500to1600", "GI:steps0to-1", "StepAG0", "StepAG0.09"];

    [Theory]
    [MemberData(nameof(Whole))]
    public void AnIntervalOfAllStepsIsPlainGuidance(string tag)
    {
        using var network = new ChainToy(3, PredictionType.Epsilon);
        var (plain, _) = Toy.Run(Guided(network).Build(), 3);
        var (values, trace) = Toy.Run(Guided(network).Use(Parsed(tag)).Build(), 3);
        Assert.Equal(plain, values);
        Assert.Equal(2 * Steps, trace.Evaluations);
    }

    [Theory]
    [MemberData(nameof(Empty))]
    public void AnEmptyIntervalIsTheCondition(string tag)
    {
        using var network = new ChainToy(3, PredictionType.Epsilon);
        var (conditional, _) = Toy.Run(Sampler.For(network).Ddim(Steps, eta: 1).Build(), 3);
        var (values, trace) = Toy.Run(Guided(network).Use(Parsed(tag)).Build(), 3);
        Assert.Equal(conditional, values);
        Assert.Equal(Steps, trace.Evaluations);
    }

    [Fact]
    public void SharesAreTruncatedProductsInFloat64()
    {
        // 0.29·100 and 0.58·50 come out just below 29 and 29.
        Assert.Equal((28, 55), Bounds(new StepShare(0.29, 0.57), 100));
        Assert.Equal((0, 27), Bounds(new StepShare(0, 0.58), 50));
        Assert.Equal((7, 7), Bounds(new StepShare(0.99), 8));
        Assert.Equal((-1, -1), Bounds(new StepShare(0.05, 0.95), 1));
    }

    [Fact]
    public void NoiseLevelsAreTheRatioOfNoiseToSignal()
    {
        // Flow: σ = 1, 0.9, ... 0.1, so that σ/(1 − σ) is ∞, 9, 4, 2.33, 1.5, 1, 0.67, 0.43, 0.25, 0.11.
        var flow = TwoCallTests.Grid(10);
        Assert.Equal([1, 2, 3, 4], Guided(new NoiseRange(1.01, 9.01), flow));
        Assert.Equal([0, 1], Guided(new NoiseRange(4.01), flow));

        // Sigma-space: the lower end is left out, the upper is not.
        var sigmas = Schedule.Through("sigmas", [.. new[] { 8f, 4, 2, 1, 0.5f, 0 }.Select(s => new GridPoint(s, 1, s))]);
        Assert.Equal([1, 2], Guided(new NoiseRange(1, 4), sigmas));
        Assert.Equal([1, 2, 3], Guided(new TimeRange(1, 4), sigmas));
        Assert.Equal([1, 2, 3], Guided(new StepRange(1, 3), sigmas));
        Assert.Equal([3, 4], Guided(new StepRange(3), sigmas));
        Assert.Equal([0, 4], Guided(new StepList(0, 4), sigmas));
    }

    [Fact]
    public void BothCallsOfAStepFollowItsStart()
    {
        using var network = new ChainToy();
        // The second calls of steps 1 and 3 lie at other sides of the ends than their steps do.
        var sampler = Sampler.For(network).Solve(new TwoCallTests.Heun(), TwoCallTests.Grid(6)).Guidance(3).Use(GuidanceInterval.Noise(0.9, 5.1)).Build();
        var (_, trace) = Toy.Run(sampler);
        Assert.Equal([2, 4, 4, 4, 2, 1], trace.Steps.Select(s => s.ComputedRows));
    }

    [Fact]
    public void AdaptiveGuidanceEndsWithinTheInterval()
    {
        using var network = new ChainToy();
        var builder = () => Sampler.For(network).FlowEuler(Steps).Guidance(4).Use(GuidanceInterval.Steps(2, 7));
        var (_, trace) = Toy.Run(builder().Use(new AdaptiveGuidance(-1) { Warmup = 4 }).Build());
        Assert.Equal([1, 1, 2, 2, 2, 1, 1, 1, 1, 1], trace.Steps.Select(s => s.ComputedRows));
        Assert.Equal([2, 3, 4], trace.Steps.SelectMany((s, k) => s.Decisions.Select(_ => k)));

        // What stands for the branch that ended is heard within the interval alone.
        var hold = builder().Use(new AdaptiveGuidance(-1) { Warmup = 4, Tail = GuidanceTail.HoldDelta }).Build();
        var (held, _) = Toy.Run(hold);
        var (conditional, _) = Toy.Run(builder().Use(new AdaptiveGuidance(-1) { Warmup = 4 }).Build());
        Assert.NotEqual(conditional, held);
        Assert.Equal(trace.Evaluations, Toy.Run(hold).Trace.Evaluations);
    }

    [Fact]
    public void TwoIntervalsMeet()
    {
        using var network = new ChainToy();
        var (_, trace) = Toy.Run(Sampler.For(network).FlowEuler(Steps).Guidance(4).Use(GuidanceInterval.Steps(2, 7)).Use(new StepAG(0.4)).Build());
        Assert.Equal([1, 1, 2, 2, 1, 1, 1, 1, 1, 1], trace.Steps.Select(s => s.ComputedRows));
    }

    [Fact]
    public void StepsAreThoseOfAStage()
    {
        using var network = new ChainToy();
        var sampler = Sampler.For(network).Solve(new Bottleneck([new BottleneckStage(1, 4), new BottleneckStage(1, 6)])).Guidance(4).Use(new StepAG(0.5)).Build();
        var (_, trace) = Toy.Run(sampler);
        var rows = trace.Steps.GroupBy(s => s.Step.Stage).Select(s => s.Select(x => x.ComputedRows));
        Assert.All(rows, stage => Assert.Equal(stage.Count() / 2, stage.TakeWhile(r => r == 2).Count()));
        Assert.All(rows, stage => Assert.Equal(stage.Count() / 2, stage.Count(r => r == 2)));
    }

    [Fact]
    public void WhatNamesNoStepIsRefused()
    {
        using var network = new ChainToy();
        void Refused(string reason, IStrategy strategy) =>
            Assert.Contains(reason, Assert.Throws<StrategyConflictException>(Sampler.For(network).FlowEuler(Steps).Guidance(2).Use(strategy).Build).Message);
        Refused("before it begins at 0.8", GuidanceInterval.Share(0.8, 0.2));
        Refused("below its begin at 5.4", GuidanceInterval.Noise(5.4, 0.28));
        Refused("below their begin at 900", GuidanceInterval.Times(900, 100));
        Refused("before the first one, 7", GuidanceInterval.Steps(7, 3));
        Refused("names step 10, and the last one is 9", GuidanceInterval.Steps(0, 10));
        Refused("names step 17, and the last one is 9", GuidanceInterval.At(2, 17));
        Assert.Throws<ArgumentOutOfRangeException>(() => new StepShare(-0.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new StepShare(0, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new NoiseRange(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new NoiseRange(0, double.PositiveInfinity));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TimeRange(double.NaN, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new StepRange(-1));
        Assert.Throws<ArgumentException>(() => new StepList(3, 2));
        Assert.Throws<ArgumentException>(() => new StepList());
        Assert.Throws<ArgumentOutOfRangeException>(() => new StepAG(1.1));
        Assert.Throws<ArgumentNullException>(() => new GuidanceInterval(null!));
    }

    [Fact]
    public void WithoutGuidanceItIsToldThatNothingIsLimited()
    {
        using var network = new ChainToy();
        Assert.Contains(Sampler.For(network).FlowEuler(Steps).Use(new StepAG()).Build().Advice, a => a.ToString()!.Contains("no guidance that it could limit", StringComparison.Ordinal));
        Assert.Empty(Sampler.For(network).FlowEuler(Steps).Guidance(2).Use(new StepAG()).Build().Advice);
    }

    private static SamplerBuilder Guided(IDenoiser network) => Sampler.For(network).Ddim(Steps, eta: 1).Guidance(4);

    private static IStrategy Parsed(string tag) => AccelerationPlan.Parse(tag).Guidance.Single();

    private static IEnumerable<int> Guided(IGuidedSteps guided, Schedule grid) => Enumerable.Range(0, grid.Steps).Where(k => guided.Includes(grid, k));

    /// <summary>First and last guided step; -1 for none.</summary>
    private static (int First, int Last) Bounds(IGuidedSteps guided, int steps)
    {
        var all = Guided(guided, TwoCallTests.Grid(steps)).ToArray();
        return all.Length == 0 ? (-1, -1) : (all[0], all[^1]);
    }
}
