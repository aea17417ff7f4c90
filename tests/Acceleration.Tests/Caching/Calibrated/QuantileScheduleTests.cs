namespace Acceleration.Tests.Caching.Calibrated;

public sealed class QuantileScheduleTests
{
    private static readonly double[,] Changes =
    {
        { double.NaN, 9, 1, 1, 1, 8, 2, 7 },
        { -1, 3, 3, 3, 3, 3, 3, 3 },
    };

    [Fact]
    public void SmallChangesAreSkippedUntilTheyAddUp()
    {
        // Sorted: 1 1 1 2 3 3 3 3 3 3 3 7 8 9. A quarter of 14 is the fourth, 2; all is the largest, 9.
        Assert.Equal([[0, 1, 3, 5, 6, 7], [0, 1, 2, 3, 4, 5, 6, 7]], QuantileSchedule.Of(Changes, 0.25));
        Assert.Equal([[0, 1, 5, 7], [0, 3, 6, 7]], QuantileSchedule.Of(Changes, 1));
        Assert.Equal([[0, 1, 3, 5, 7], [0, 2, 4, 6, 7]], QuantileSchedule.Of(Changes, 1, mostReused: 1));
    }

    [Fact]
    public void NoShareSkipsNothingAndLargerSharesSkipNoLess()
    {
        Assert.All(QuantileSchedule.Of(Changes, 0), s => Assert.Equal(Enumerable.Range(0, 8), s));
        Assert.All(QuantileSchedule.Of(Changes, 1, mostReused: 0), s => Assert.Equal(Enumerable.Range(0, 8), s));
        var random = new Random(4);
        var changes = BlockSchedulesTests.Matrix(30, (_, _) => random.NextDouble());
        int[] counts = [.. new[] { 0, 0.2, 0.4, 0.6, 0.8, 1 }.Select(q => QuantileSchedule.Of(changes, q).Sum(s => s.Count))];
        Assert.Equal(counts.OrderDescending(), counts);
        Assert.True(counts[^1] < counts[0]);
    }

    [Fact]
    public void PlansAreLines()
    {
        var plans = QuantileSchedule.Of(Changes, 1);
        var method = new InvarDiff([new(Where.Attention, plans[0]), new(Where.FeedForward, plans[1])]);
        Assert.Equal(method, AccelerationPlan.Parse($"flow-euler8+{method.Tag}").Strategies[0]);
    }

    [Fact]
    public void WhatIsNoChangeIsRefused()
    {
        Assert.Throws<ArgumentException>(() => QuantileSchedule.Of(new double[1, 0], 0.5));
        Assert.Throws<ArgumentException>(() => QuantileSchedule.Of(new double[,] { { 0, -1 } }, 0.5));
        Assert.Throws<ArgumentException>(() => QuantileSchedule.Of(new double[,] { { 0, double.NaN } }, 0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => QuantileSchedule.Of(Changes, 1.1));
        Assert.Equal([[0]], QuantileSchedule.Of(new double[1, 1], 0.5));
    }
}
