using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Acceleration.Tests.Operators;

public sealed class RouteProbeTests : OperatorTest
{
    [Theory]
    [InlineData(new[] { 1.0, 1.1, 1.2 }, new[] { 0.8, 0.85, 0.9 }, 1)]
    [InlineData(new[] { 1.0, 1.1, 1.2 }, new[] { 0.95, 0.96, 0.97 }, 0)]
    [InlineData(new[] { 1.0, 1.1, 1.2 }, new[] { 0.5, 1.2, 1.3 }, 0)]
    [InlineData(new[] { 1.0, 9.0, 9.5 }, new[] { 1.0, 1.1, 1.2 }, 0)]
    [InlineData(new[] { 1.0, 1.1, 16.0 }, new[] { 0.7, 0.8, 15.0 }, 1)]
    [InlineData(new[] { 16.0, 24.0, 20.0, 24.0, 16.0 }, new[] { 12.0, 16.0, 24.0, 16.0, 20.0 }, 0)]
    [InlineData(new[] { 1.0, 1.1, 1.2 }, new[] { double.NaN }, 0)]
    [InlineData(new[] { 1.0, 1.1 }, new[] { 0.5, 0.5 }, 0)]
    public void OnlyAClearWinnerReplacesTheDefault(double[] native, double[] other, int winner) =>
        Assert.Equal(winner, RouteProbe.Choose([[.. native], [.. other]]));

    [Fact]
    public void TheFastestClearWinnerIsTaken() =>
        Assert.Equal(2, RouteProbe.Choose([[1.0, 1.0, 1.0], [0.8, 0.8, 0.8], [0.6, 0.6, 0.6]]));

    [Fact]
    public void TheFasterFormWins()
    {
        var small = ones(1000);
        var large = ones(1_000_000);

        Assert.Equal(1, RouteProbe.Run([() => large.exp(), () => small.exp()]).Winner);
        Assert.Equal(0, RouteProbe.Run([() => small.exp(), () => large.exp()]).Winner);
    }

    [Fact]
    public void FormsTooSlowToCompareEndEarlyAtTheDefault()
    {
        var runs = 0;
        Tensor Slow()
        {
            runs++;
            Thread.Sleep(150);
            return ones(1);
        }

        Assert.Equal(0, RouteProbe.Run([Slow, () => ones(1)]).Winner);
        Assert.InRange(runs, 2, 3);
    }

    [Fact]
    public void AFormThatCannotRunIsNoChoice()
    {
        var probe = RouteProbe.Run([() => ones(10).exp(), () => throw new ExternalException("not implemented")]);

        Assert.Equal(0, probe.Winner);
        Assert.True(double.IsNaN(probe.Milliseconds[1]));
    }

    [Fact]
    public void ErrorsOfTheDefaultFormAreSeen() =>
        Assert.Throws<ExternalException>(() => RouteProbe.Run([() => throw new ExternalException("no"), () => ones(10).exp()]));
}
