namespace Acceleration.Tests.Caching;

public sealed class PolynomialTests
{
    private static readonly double[] Uneven = [981.5, 990, 820.25, 410, 77];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void WeightsContinuePolynomialsOfTheirOrderOverUnevenNodes(int order)
    {
        var forecast = new Polynomial(order);
        var nodes = Uneven[..forecast.Depth];

        foreach (var target in new[] { 1000.0, 500, 30, -4 })
        {
            var weights = forecast.Weights(nodes, target);
            for (var degree = 0; degree <= order; degree++)
            {
                var made = weights.Zip(nodes, (w, n) => w * Math.Pow(n / 1000, degree)).Sum();
                Assert.Equal(Math.Pow(target / 1000, degree), made, 1e-8 * weights.Sum(Math.Abs));
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void TheNextDegreeIsNotContinued(int order)
    {
        var nodes = Uneven[..(order + 1)];
        var made = new Polynomial(order).Weights(nodes, 30).Zip(nodes, (w, n) => w * Math.Pow(n / 1000, order + 1)).Sum();
        Assert.True(Math.Abs(made - Math.Pow(0.03, order + 1)) > 1e-3);
    }

    [Fact]
    public void AtANodeTheEntryItselfComesBack()
    {
        Assert.Equal([0, 1, 0], new Polynomial(2).Weights([3, 2, 0], 2));
    }

    [Fact]
    public void FewerEntriesLowerTheOrder()
    {
        Assert.Equal([1], new Polynomial(3).Weights([5], 9));
        Assert.Equal([2, -1], new Polynomial(3).Weights([1, 0], 2));
        Assert.Equal((4, 1), (new Polynomial(3).Depth, new Polynomial(3).AtLeast));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(5)]
    public void OtherOrdersAreRefused(int order)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Polynomial(order));
        Assert.Throws<ArgumentOutOfRangeException>(() => new IntervalForecast(2, order));
        Assert.Throws<ArgumentOutOfRangeException>(() => new StepForecast([0], order));
    }
}
