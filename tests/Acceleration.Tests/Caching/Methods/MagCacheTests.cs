namespace Acceleration.Tests.Caching.Methods;

public sealed class MagCacheTests
{
    [Fact]
    public void ThePublishedSettingOfFluxComputesNineStepsOf28()
    {
        var when = new MagnitudeSchedule(0.24, MagCache.FluxRatios, 5, 0.1) { Inclusive = true, Never = [11] };

        Assert.Equal([0, 1, 2, 5, 9, 11, 17, 23, 26], when.Computed(28));
        Assert.Equal([0, 1, 2, 5, 9, 11, 17, 23, 26, 27], (when with { ForceLast = true }).Computed(28));
        Assert.Equal(when, new MagCache(0.24, MagCache.FluxRatios, 5, 0.1) { Inclusive = true, Never = [11] }.Parts[0].When);
    }

    [Fact]
    public void EqualMagnitudesLeaveRunsOfTheMostSkippedSteps()
    {
        var when = new MagnitudeSchedule(0.1, [1], 3);

        Assert.Equal([0, 1, 2, 3, 7, 11, 15, 19], when.Computed(20));
        Assert.Equal(Enumerable.Range(0, 20), (when with { Threshold = 0 }).Computed(20));
        Assert.Equal(Enumerable.Range(0, 20), (when with { Retention = 1 }).Computed(20));
        Assert.NotEqual(20, (when with { Threshold = 0, Inclusive = true }).Computed(20).Length);
    }

    [Theory]
    [InlineData(5, new[] { 0, 1, 2, 2, 3 })]
    [InlineData(4, new[] { 0, 1, 2, 3 })]
    [InlineData(7, new[] { 0, 0, 1, 2, 2, 2, 3 })]
    public void OtherNumbersOfStepsTakeTheNearestRatio(int steps, int[] nearest)
    {
        // Every step but the first and those that are never skipped is: which ones tells which ratio stands for them.
        for (var never = 0; never < 4; never++)
        {
            var when = new MagnitudeSchedule(1000, [1, 1, 1, 1], 1000, 0) { Never = [never] };
            Assert.Equal(Enumerable.Range(0, steps).Where(i => i == 0 || nearest[i] == never), when.Computed(steps));
        }
    }
}
