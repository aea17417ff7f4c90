namespace Acceleration.Tests.Caching;

public sealed class MagnitudeScheduleTests
{
    /// <summary>The ratios published for FLUX with 28 steps.</summary>
    private static readonly double[] Flux =
    [
        1, 1.21094, 1.11719, 1.07812, 1.0625, 1.03906, 1.03125, 1.03906, 1.02344, 1.03125, 1.02344, 0.98047, 1.01562, 1.00781,
        1, 1.00781, 1, 1.00781, 1, 1, 0.99609, 0.99609, 0.98047, 0.98828, 0.96484, 0.95703, 0.93359, 0.89062,
    ];

    [Fact]
    public void FluxComputesNineOf28Steps()
    {
        var published = new MagnitudeSchedule(0.24, 5, 0.1) { Inclusive = true, Forced = [11] };
        Assert.Equal([0, 1, 2, 5, 9, 11, 17, 23, 26], published.Steps(Flux));
        Assert.Equal([0, 1, 2, 5, 9, 11, 17, 23, 26, 27], (published with { ForceLast = true }).Steps(Flux));
        Assert.DoesNotContain(11, (published with { Forced = [] }).Steps(Flux));
    }

    [Fact]
    public void NeutralSettingsComputeEverything()
    {
        Assert.Equal(Enumerable.Range(0, 28), new MagnitudeSchedule(0, 5, 0.1).Steps(Flux));
        Assert.Equal(Enumerable.Range(0, 28), new MagnitudeSchedule(1, 0, 0.1).Steps(Flux));
        Assert.Equal(Enumerable.Range(0, 28), new MagnitudeSchedule(1, 5, 1).Steps(Flux));
    }

    [Fact]
    public void WithoutAnyChangeRunsAreAsLongAsAllowed() =>
        Assert.Equal([0, 1, 2, 6, 10, 14, 18], new MagnitudeSchedule(0.1, 3, 0.15).Steps([.. Enumerable.Repeat(1.0, 20)]));

    [Fact]
    public void ASumThatMeetsTheThresholdSkipsOnlyWhereAsked()
    {
        double[] ratios = [1, 1.25, 1.25, 1];
        Assert.Equal([0, 1, 2, 3], new MagnitudeSchedule(0.25, 3, 0).Steps([1, 1.25, 1.25, 1.25]));
        Assert.Equal([0, 2], (new MagnitudeSchedule(0.25, 3, 0) { Inclusive = true }).Steps(ratios));
    }

    [Fact]
    public void TheFirstStepIsComputedAndTheShareAtTheStartIsRounded()
    {
        double[] still = [.. Enumerable.Repeat(1.0, 25)];
        Assert.Equal([0], new MagnitudeSchedule(1, 100, 0).Steps(still));
        Assert.Equal([0, 1, 2], new MagnitudeSchedule(1, 100, 0.1).Steps(still));
    }

    [Fact]
    public void OtherSettingsAreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new MagnitudeSchedule(-1, 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MagnitudeSchedule(1, -1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MagnitudeSchedule(1, 1, 1.1));
        Assert.Throws<ArgumentException>(() => new MagnitudeSchedule(1, 1, 0).Steps([]));
    }
}
