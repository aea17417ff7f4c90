using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Caching;

public sealed class MagnitudeRatioTests
{
    [Fact]
    public void TheWeightIsTheProductOfTheRatiosSince()
    {
        var ratio = new MagnitudeRatio([1, 2, 3, 0.5, 7]);
        Assert.Equal([1], ratio.Weights([2], 2));
        Assert.Equal([2], ratio.Weights([0], 1));
        Assert.Equal([10.5], ratio.Weights([1], 4));
        Assert.Equal((1, 1), (ratio.Depth, ((IForecast)ratio).AtLeast));
    }

    [Fact]
    public void ARunLongerThanTheListIsRefusedWithTheRemedy()
    {
        var error = Assert.Throws<InvalidOperationException>(() => new MagnitudeRatio([1, 2]).Weights([0], 2));
        Assert.Equal("There are magnitude ratios for 2 steps, but this is step 2, counted from 0; resample them to the steps of the run with MagnitudeRatios.Resample.", error.Message);
    }

    [Fact]
    public void RatiosAreOfSteps()
    {
        Assert.Null(new MagnitudeRatio([1]).Refuse(Abscissa.Step));
        Assert.Equal("MagnitudeRatio has ratios for steps, which LogSnr does not count; use Abscissa.Step.", new MagnitudeRatio([1]).Refuse(Abscissa.LogSnr));
    }

    [Theory]
    [InlineData]
    [InlineData(1.0, 0.0)]
    [InlineData(1.0, -2.0)]
    [InlineData(double.PositiveInfinity)]
    public void RatiosAreAboveZero(params double[] ratios) => Assert.Contains("finite numbers above 0", Assert.Throws<ArgumentException>(() => new MagnitudeRatio(ratios)).Message);

    [Theory]
    [InlineData("network")]
    [InlineData("prediction")]
    public void AResidualThatDoublesFromStepToStepIsExact(string where)
    {
        // Ten steps have times 1000, 900, ..., so that step i adds 2^i / 100 to its input.
        using var network = Denoiser.From(Toy.Info("doubling"), (x, t, _) => x + Toy.PerRow(exp((1000 - t) * (Math.Log(2) / 100)) * 0.01, x));
        var ratios = Enumerable.Repeat(2.0, 10).ToArray();
        float[] Values(IForecast? forecast)
        {
            var builder = Sampler.For(network).FlowEuler(10);
            var (values, trace) = Toy.Run((forecast is null ? builder : builder.Use(new Cached(Where.Parse(where), new AtSteps(0, 1, 4, 8), new How(Quantity.Residual, forecast, Abscissa.Step)))).Build(), 2);
            Assert.Equal(forecast is null ? 10 : 4, trace.Evaluations);
            return values;
        }

        var plain = Values(null);
        Close.All(plain, Values(new MagnitudeRatio(ratios)), 1e-5);
        Assert.True(plain.Zip(Values(new Polynomial(0)), (a, b) => Math.Abs(a - b)).Max() > 0.1);
    }
}
