using Acceleration.Reporting;

namespace Acceleration.Tests.Reporting;

public sealed class AxisTests
{
    [Fact]
    public void ALinearAxisRunsFromStartToEndInEitherDirectionAndStaysInside()
    {
        var up = new LinearAxis(20, 40, 400, 0);

        Assert.Equal([400, 200, 0, 0], new[] { 20.0, 30, 40, 99 }.Select(up.At));
        Assert.Equal([20, 25, 30, 35, 40], up.Ticks(4));
    }

    [Fact]
    public void OnALogarithmicAxisEqualRatiosAreEquallyFarApart()
    {
        var axis = new LogAxis(1, 16, 0, 100);

        Assert.Equal(50, axis.At(4), 1e-9);
        Assert.Equal(25, axis.At(2), 1e-9);
        Assert.Equal([1, 1.5, 2, 3, 4, 5, 6, 8, 10, 15], axis.Ticks);
    }

    [Fact]
    public void LabelsCoverNeitherEachOtherNorPoints()
    {
        var placer = new LabelPlacer(0, 0, 200, 100);
        placer.Reserve(50, 50);

        var first = placer.Place(50, 50, "label");
        var second = placer.Place(50, 50, "label");

        Assert.Equal((60, 54, "start"), first);
        Assert.Equal((40, 54, "end"), second);
        Assert.Null(new LabelPlacer(0, 0, 20, 20).Place(10, 10, "far too long"));
    }
}
