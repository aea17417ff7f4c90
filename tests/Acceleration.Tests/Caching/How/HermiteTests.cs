namespace Acceleration.Tests.Caching;

public sealed class HermiteTests
{
    private static readonly double[] Nodes = [8, 4, 3, 1];

    [Fact]
    public void AtOrderOneItIsADampedLine()
    {
        Assert.Equal(new Taylor(1).Weights(Nodes.AsSpan(0, 2), 11), new Hermite(1, Math.Sqrt(0.5)).Weights(Nodes.AsSpan(0, 2), 11), Near);
        Assert.Equal(new Damped(0.5).Weights(Nodes.AsSpan(0, 2), 11), new Hermite(1).Weights(Nodes.AsSpan(0, 2), 11), Near);
    }

    [Fact]
    public void TheSeriesIsHermites()
    {
        // s·x = 1: H₂ = 2 and H₃ = −4. With f = t² at 4, 2, 0: F₁ = 6, F₂ = (6 − 2)/2 = 2, F₃ is 0 for a fourth entry at −2.
        Assert.Equal(16 + (6 * 0.5 * 2) + (2 * 0.25 * 2 / 2), Continued.At(new Hermite(2, 0.5), t => t * t, 6, 4, 2, 0), 1e-12);
        // Cubes 64, 8, 0, −8: F₁ 28, 4, 4; F₂ 12, 0; F₃ 6.
        Assert.Equal(64 + (28 * 0.5 * 2) + (12 * 0.25 * 2 / 2) - (6 * 0.125 * 4 / 6), Continued.At(new Hermite(3, 0.5), t => t * t * t, 6, 4, 2, 0, -2), 1e-12);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(1.0)]
    [InlineData(-0.5)]
    [InlineData(double.NaN)]
    public void OtherScalesAreRefused(double scale)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Hermite(1, scale));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Hermite(1) with { Scale = scale });
    }

    [Fact]
    public void FewerEntriesLowerTheOrder()
    {
        Assert.Equal([1], new Hermite(4).Weights([8], 11));
        Assert.Equal(new Hermite(1).Weights([8, 4], 11), new Hermite(4).Weights([8, 4], 11));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Hermite(5));
    }

    private static bool Near(double a, double b) => Math.Abs(a - b) < 1e-12;
}
