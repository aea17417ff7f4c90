namespace Acceleration.Tests.Caching.Calibrated;

public sealed class MagnitudeRatiosTests
{
    [Fact]
    public void RatiosAreMeansOverTokens()
    {
        var ratios = MagnitudeRatios.FromNorms([[1, 2], [2, 2], [1, 6]]);
        Assert.Equal([1, 1.5, 1.75], ratios, (a, b) => Math.Abs(a - b) < 1e-7);
        Assert.Equal([1], MagnitudeRatios.FromNorms([[3]]));
        Assert.True(double.IsFinite(MagnitudeRatios.FromNorms([[0], [0]])[1]));
    }

    [Fact]
    public void AnotherNumberOfStepsTakesTheNearestTiesToEven()
    {
        double[] ratios = [1, 2, 3, 4, 5];
        Assert.Equal(ratios, MagnitudeRatios.Resample(ratios, 5));
        // Places 0, 0.5, 1, 1.5, ..., 4.
        Assert.Equal([1, 1, 2, 3, 3, 3, 4, 5, 5], MagnitudeRatios.Resample(ratios, 9));
        Assert.Equal([1, 3, 5], MagnitudeRatios.Resample(ratios, 3));
        Assert.Equal([1], MagnitudeRatios.Resample(ratios, 1));
        Assert.Equal([7, 7], MagnitudeRatios.Resample([7], 2));
    }

    [Fact]
    public void BadNumbersAreNamed()
    {
        Assert.Contains("Step 1 has 1 norms of tokens where step 0 has 2", Assert.Throws<ArgumentException>(() => MagnitudeRatios.FromNorms([[1, 2], [2]])).Message);
        Assert.Throws<ArgumentException>(() => MagnitudeRatios.FromNorms([]));
        Assert.Throws<ArgumentException>(() => MagnitudeRatios.FromNorms([[1], [double.NaN]]));
        Assert.Throws<ArgumentException>(() => MagnitudeRatios.Resample([1, -1], 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => MagnitudeRatios.Resample([1], 0));
    }
}
