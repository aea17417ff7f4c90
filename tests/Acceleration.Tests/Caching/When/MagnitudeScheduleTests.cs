namespace Acceleration.Tests.Caching;

public sealed class MagnitudeScheduleTests
{
    [Fact]
    public void NeutralSettingsComputeEverything()
    {
        Assert.Equal(Enumerable.Range(0, 28), new MagnitudeSchedule(0, MagCache.FluxRatios, 5, 0.1).Computed(28));
        Assert.Equal(Enumerable.Range(0, 28), new MagnitudeSchedule(1, MagCache.FluxRatios, 0, 0.1).Computed(28));
        Assert.Equal(Enumerable.Range(0, 28), new MagnitudeSchedule(1, MagCache.FluxRatios, 5, 1).Computed(28));
    }

    [Fact]
    public void WithoutAnyChangeRunsAreAsLongAsAllowed() =>
        Assert.Equal([0, 1, 2, 6, 10, 14, 18], new MagnitudeSchedule(0.1, [1], 3, 0.15).Computed(20));

    [Fact]
    public void ASumThatMeetsTheThresholdSkipsOnlyWhereAsked()
    {
        Assert.Equal([0, 1, 2, 3], new MagnitudeSchedule(0.25, [1, 1.25, 1.25, 1.25], 3, 0).Computed(4));
        Assert.Equal([0, 2], (new MagnitudeSchedule(0.25, [1, 1.25, 1.25, 1], 3, 0) { Inclusive = true }).Computed(4));
    }

    [Fact]
    public void TheFirstStepIsComputedAndTheShareAtTheStartIsRounded()
    {
        Assert.Equal([0], new MagnitudeSchedule(1, [1], 100, 0).Computed(25));
        Assert.Equal([0, 1, 2], new MagnitudeSchedule(1, [1], 100, 0.1).Computed(25));
    }

    [Fact]
    public void OtherSettingsAreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new MagnitudeSchedule(-1, [1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MagnitudeSchedule(1, [1], -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MagnitudeSchedule(1, [1], 1, 1.1));
        Assert.Throws<ArgumentException>(() => new MagnitudeSchedule(1, []));
    }
}
