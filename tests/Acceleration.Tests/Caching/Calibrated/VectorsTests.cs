namespace Acceleration.Tests.Caching.Calibrated;

public sealed class VectorsTests
{
    /// <summary>Lengths around whole vectors, and around whole runs of them.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(1023)]
    [InlineData(4099)]
    [InlineData(70_001)]
    public void SumsAreThoseOfFloat64(int length)
    {
        var random = new Random(length);
        float[] a = [.. Enumerable.Range(0, length).Select(_ => (float)((random.NextDouble() * 4) - 1))];
        float[] b = [.. Enumerable.Range(0, length).Select(_ => (float)((random.NextDouble() * 4) - 1))];
        Near(a.Zip(b, (x, y) => (double)x * y).Sum(), Vectors.Dot(a, b));
        Near(a.Zip(b, (x, y) => Math.Abs((double)x - y)).Sum(), Vectors.Distance(a, b));
        Near(a.Sum(x => Math.Abs((double)x)), Vectors.Size(a));
        Assert.Throws<ArgumentException>(() => Vectors.Dot(a, [.. b, 1]));

        void Near(double expected, double actual) => Assert.InRange(actual, expected - (1e-5 * Math.Max(1, length)), expected + (1e-5 * Math.Max(1, length)));
    }

    [Fact]
    public void ChangeIsRelativeToTheSecond()
    {
        Assert.Equal(0.5, Vectors.Change([3, 0], [2, 0]));
        Assert.True(double.IsNaN(Vectors.Change([0], [0])));
    }
}
