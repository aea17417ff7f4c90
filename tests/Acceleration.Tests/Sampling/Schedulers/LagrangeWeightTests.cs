namespace Acceleration.Tests.Sampling.Schedulers;

public sealed class LagrangeWeightTests
{
    [Fact]
    public void OnEvenLevelsTheyAreAdamsAndBashforths()
    {
        Near.All([-0.5], LagrangeWeights.Of([4], 3.5), 1e-14);
        Near.All([-1.5 / 2, 0.5 / 2], LagrangeWeights.Of([4, 4.5], 3.5), 1e-13);
        Near.All([-23.0 / 24, 16.0 / 24, -5.0 / 24], LagrangeWeights.Of([4, 4.5, 5], 3.5), 1e-13);
        Near.All([-55.0 / 48, 59.0 / 48, -37.0 / 48, 9.0 / 48], LagrangeWeights.Of([4, 4.5, 5, 5.5], 3.5), 1e-13);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(6)]
    [InlineData(9)]
    public void OnUnevenLevelsPolynomialsAreIntegratedExactly(int order)
    {
        double[] levels = [.. Sigmas.Karras(14.6, 0.03, 12).Skip(11 - order).Take(order).Reverse()];
        var (start, end) = (levels[0], levels[0] * 0.6);
        var weights = LagrangeWeights.Of(levels, end);
        for (var power = 0; power < order; power++)
        {
            // About the middle of the interval, so that the integral is not the difference of large numbers.
            var middle = (start + end) / 2;
            double F(double s) => Math.Pow((s - middle) / 5, power);
            var exact = (Math.Pow((end - middle) / 5, power + 1) - Math.Pow((start - middle) / 5, power + 1)) * 5 / (power + 1);
            var sum = weights.Select((w, j) => w * F(levels[j])).ToArray();
            Assert.Equal(exact, sum.Sum(), 1e-11 * (Math.Abs(exact) + sum.Sum(Math.Abs)));
        }
    }

    [Fact]
    public void AStepWithoutLengthHasNoWeight() => Assert.Equal([0, 0], LagrangeWeights.Of([2, 3], 2));
}
