using Acceleration.Reporting;

namespace Acceleration.Tests.Reporting;

public sealed class SpreadTests
{
    [Fact]
    public void MedianMinimumAndMaximumOfMeasurementsInAnyOrder()
    {
        Assert.Equal(new Spread(3, 1, 9), Spread.Of([9, 1, 3]));
        Assert.Equal(new Spread(2.5, 1, 9), Spread.Of([9, 1, 3, 2]));
        Assert.Equal(new Spread(4, 4, 4), Spread.Of([4]));
        Assert.Throws<ArgumentException>(() => Spread.Of([]));
    }
}
