using Acceleration.Tests.Core;
using Acceleration.Tests.Toys;

namespace Acceleration.Tests.Caching.Calibrated;

public sealed class SegmentErrorsTests : LiveTensorTest
{
    private const int Steps = 6;
    private readonly ChainToy _network = new();

    public SegmentErrorsTests() => Own(_network);

    /// <summary>Each segment's error is that of a run which leaves out just its steps.</summary>
    [Theory]
    [InlineData("prediction", "out^1@snr")]
    [InlineData("network", "res")]
    [InlineData("chain", "res")]
    [InlineData("branches", "out")]
    public void ErrorsAreThoseOfRunsWithThatSegmentAlone(string where, string how)
    {
        var place = Where.Parse(where);
        var by = ((Cached)AccelerationPlan.Parse($"C:{where}:at0:{how}").Strategies[0]).How;
        var errors = SegmentErrors.For(Guided(), place, by, longest: 4);
        var taken = 0;
        Record(errors, () => taken++);
        Assert.Equal(errors.StepsOfRequest, taken);
        var (full, _) = Toy.Run(Guided().Build(), 2);
        for (var i = 0; i < Steps; i++)
        {
            for (var j = 0; j < Steps; j++)
            {
                if (j <= i || j - i > 4)
                {
                    Assert.True(double.IsNaN(errors.Errors[i, j]));
                    continue;
                }

                var steps = Enumerable.Range(0, Steps).Where(s => s <= i || s >= j).ToArray();
                var (skipped, _) = Toy.Run(Guided().Use(new Cached(place, new AtSteps(steps), by)).Build(), 2);
                var expected = full.Zip(skipped, (a, b) => (double)Math.Abs(a - b)).Average();
                Assert.InRange(errors.Errors[i, j], (expected * (1 - 1e-6)) - 1e-12, (expected * (1 + 1e-6)) + 1e-12);
                Assert.Equal(j == i + 1, errors.Errors[i, j] == 0);
            }
        }

        var learned = errors.Fit(3);
        Assert.Equal(LexicographicPath.Of(errors.Errors, 3), ((AtSteps)learned.When).Steps);
        var plan = errors.Plan(learned);
        Assert.Equal(Steps, plan.Calibration!.Steps);
        Assert.Equal(learned, Assert.Single(plan.Strategies));
    }

    /// <summary>With a stride what is followed is exact, what is not is near, and fewer steps are taken.</summary>
    [Fact]
    public void WithAStrideSomeSegmentsAreFollowedAndTheOthersEstimated()
    {
        SegmentErrors Of(int stride)
        {
            var errors = SegmentErrors.For(Sampler.For(_network).FlowEuler(12).Guidance(3), Where.Prediction, How.LastValue, 6, stride);
            var taken = 0;
            Record(errors, () => taken++);
            Assert.Equal(errors.StepsOfRequest, taken);
            return errors;
        }

        var (all, some) = (Of(1), Of(4));
        Assert.True(some.StepsOfRequest < 0.6 * all.StepsOfRequest);
        for (var i = 0; i < 12; i++)
        {
            for (var j = i + 1; j < 12; j++)
            {
                Assert.Equal(double.IsNaN(all.Errors[i, j]), double.IsNaN(some.Errors[i, j]));
                var isFollowed = j is 2 or 6 or 10 or 11 && (j - i == 2 || j - i == Math.Min(6, j) || j - i == (3 + Math.Min(6, j)) / 2);
                if (j - i is >= 2 and <= 6)
                {
                    Assert.InRange(some.Errors[i, j] / all.Errors[i, j], isFollowed ? 1 : 0.5, isFollowed ? 1 : 2);
                }
            }
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => SegmentErrors.For(Guided(), Where.Prediction, How.LastValue, 2, stride: 0));
    }

    /// <summary>Where losses grow alike from every end, or evenly more from later ones, estimates are exact.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(0.1)]
    public void GrowthIsInterpolatedBetweenEnds(double slope)
    {
        const int All = 20;
        var growth = new SegmentGrowth(All, 8, 5);
        double Local(int from, int to) => 0.01 * (to - from) * (1 + from);
        double End(int from, int to) => Local(from, to) * Math.Exp(1 - (slope * to));
        for (var to = 2; to < All; to++)
        {
            for (var from = Math.Max(0, to - 8); from <= to - 2; from++)
            {
                if (growth.Follows(from, to))
                {
                    growth.Add(from, to, Local(from, to), End(from, to));
                }
                else
                {
                    growth.Add(from, to, Local(from, to));
                }
            }
        }

        var ends = growth.Ends();
        for (var to = 2; to < All; to++)
        {
            for (var from = Math.Max(0, to - 8); from <= to - 2; from++)
            {
                Assert.Equal(End(from, to), ends[from, to], 1e-9);
            }
        }
    }

    /// <summary>Several requests count by their samples.</summary>
    [Fact]
    public void RequestsAreAveraged()
    {
        var both = SegmentErrors.For(Guided(), Where.Prediction, How.LastValue, 2);
        var one = SegmentErrors.For(Guided(), Where.Prediction, How.LastValue, 2);
        Record(both, null, 2);
        Record(one, null, 2);
        Record(both, null, 1);
        var single = SegmentErrors.For(Guided(), Where.Prediction, How.LastValue, 2);
        Record(single, null, 1);
        Assert.Equal(((2 * one.Errors[1, 3]) + single.Errors[1, 3]) / 3, both.Errors[1, 3], 1e-9);
        Assert.Equal(3, both.Samples);
    }

    [Fact]
    public void WhatCannotBeMeasuredIsRefused()
    {
        Assert.Contains("calibrate without EC0.05", Assert.Throws<ArgumentException>(() => SegmentErrors.For(Guided().Use(new EasyCache(0.05)), Where.Prediction, How.LastValue, 2)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => SegmentErrors.For(Guided(), Where.Prediction, How.LastValue, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => SegmentErrors.For(Guided(), Where.Prediction, How.LastValue, Steps));
        Assert.Contains("has no such site", Assert.Throws<StrategyConflictException>(() => SegmentErrors.For(Guided(), Where.Cuts, How.LastValue, 2)).Message);
        var errors = SegmentErrors.For(Guided(), Where.Prediction, How.LastValue, 2);
        Assert.Contains("Nothing was measured", Assert.Throws<InvalidOperationException>(() => errors.Errors).Message);

        using var stop = new CancellationTokenSource();
        using var condition = Conditioning.Labels(1);
        var taken = 0;
        Assert.ThrowsAny<OperationCanceledException>(() => errors.Record(
            new() { Condition = condition },
            () =>
            {
                if (++taken == 9)
                {
                    stop.Cancel();
                }
            },
            stop.Token));
        Assert.Equal(0, errors.Samples);
        Record(errors, null);
        Assert.Contains("No 3 of 6 steps", Assert.Throws<InvalidOperationException>(() => errors.Fit(3)).Message);
        Assert.Contains("size [1, 8, 8], the first one had", Assert.Throws<ArgumentException>(() => errors.Record(new() { Condition = condition, Size = [1, 8, 8] }, cancellation: TestContext.Current.CancellationToken)).Message);
    }

    private SamplerBuilder Guided() => Sampler.For(_network).FlowEuler(Steps).Guidance(3);

    private static void Record(SegmentErrors errors, Action? step, int samples = 2)
    {
        var request = Toy.Request(samples);
        using var condition = request.Condition;
        errors.Record(request, step, TestContext.Current.CancellationToken);
    }
}
