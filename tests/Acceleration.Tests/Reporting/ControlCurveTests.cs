using Acceleration.Reporting;

namespace Acceleration.Tests.Reporting;

public sealed class ControlCurveTests
{
    private static readonly ControlCurve Curve = new([(8, 20, 6), (2, 32, 25), (4, 28, 12)]);

    [Fact]
    public void BetweenControlsPsnrIsLinearInTheLogarithmOfTheSpeedup()
    {
        // Half way between 2 and 4 on a logarithmic scale.
        var gain = Curve.Compare(Math.Sqrt(8), 35)!;

        Assert.Equal(30, gain.Psnr, 1e-9);
        Assert.Equal(18.5, gain.Steps, 1e-9);
        Assert.Equal(5, gain.Gain, 1e-9);
        Assert.Equal(Bound.Exact, gain.Bound);
        Assert.True(gain.Beats);
    }

    [Theory]
    [InlineData(2, 32)]
    [InlineData(4, 28)]
    [InlineData(8, 20)]
    public void AtAControlItsOwnPsnrIsTheOneToBeat(double speedup, double psnr)
    {
        var gain = Curve.Compare(speedup, psnr)!;

        Assert.Equal(0, gain.Gain, 1e-9);
        Assert.Equal(Bound.Exact, gain.Bound);
        Assert.False(gain.Beats);
    }

    [Theory]
    [InlineData(9, 21, Bound.AtLeast, true)]
    [InlineData(9, 19, Bound.AtLeast, null)]
    [InlineData(1.5, 31, Bound.AtMost, false)]
    [InlineData(1.5, 33, Bound.AtMost, null)]
    public void OutsideTheControlsTheNearestOneBoundsTheGain(double speedup, double psnr, Bound bound, bool? beats)
    {
        var gain = Curve.Compare(speedup, psnr)!;

        Assert.Equal(bound, gain.Bound);
        Assert.Equal(psnr - (bound == Bound.AtLeast ? 20 : 32), gain.Gain, 1e-9);
        Assert.Equal(beats, gain.Beats);
    }

    [Fact]
    public void OneControlIsNoLineButStillBounds()
    {
        var one = new ControlCurve([(2, 32, 25)]);

        Assert.Equal(Bound.Exact, one.Compare(2, 30)!.Bound);
        Assert.Equal(Bound.AtLeast, one.Compare(3, 30)!.Bound);
        Assert.Null(new ControlCurve([]).Compare(2, 30));
    }
}
