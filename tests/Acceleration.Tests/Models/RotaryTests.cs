using Acceleration.Models;
using static TorchSharp.torch;

namespace Acceleration.Tests.Models;

/// <summary>Rotary positions against their formula.</summary>
public sealed class RotaryTests : ModelTest
{
    [Fact]
    public void PairsTurnByTheirPositions()
    {
        // Two axes of 4 and 2 numbers: frequencies 1 and 1/100, and 1.
        var table = Rotary.Table([[0, 3], [0, 5]], [4, 2]);
        var x = Normal(1, 2, 2, 3, 6).cpu().to(ScalarType.Float64);
        double[] angles = [3, 0.03, 5];

        Assert.Equal([2L, 3], table.shape);
        foreach (var (turned, first, second) in new (Tensor, Func<int, int>, Func<int, int>)[]
        {
            (Rotary.Neighbours(x, table), k => 2 * k, k => (2 * k) + 1),
            (Rotary.Halves(x, table), k => k, k => k + 3),
        })
        {
            Assert.Equal(ScalarType.Float64, turned.dtype);
            Assert.Equal(0, Difference(turned.select(1, 0), x.select(1, 0)));
            for (var k = 0; k < 3; k++)
            {
                var (a, b) = (x[1, 1, 2, first(k)].item<double>(), x[1, 1, 2, second(k)].item<double>());
                Assert.Equal((a * Math.Cos(angles[k])) - (b * Math.Sin(angles[k])), turned[1, 1, 2, first(k)].item<double>(), 1e-12);
                Assert.Equal((b * Math.Cos(angles[k])) + (a * Math.Sin(angles[k])), turned[1, 1, 2, second(k)].item<double>(), 1e-12);
            }
        }
    }

    [Fact]
    public void RowsMayHaveTokensOfTheirOwn()
    {
        var table = Rotary.Table([[0, 1, 2, 3]], [4]).to(Rotary.TableType(ScalarType.Float32));
        var x = Normal(2, 2, 2, 1, 4).cpu();
        var perRow = stack([table.narrow(0, 0, 2), table.narrow(0, 2, 2)], 0);
        var turned = Rotary.Neighbours(x, perRow);

        Assert.Equal(ScalarType.Float32, turned.dtype);
        Assert.InRange(Difference(turned.narrow(0, 1, 1), Rotary.Neighbours(x.narrow(0, 1, 1), table.narrow(0, 2, 2))), 0, 1e-6);
        Assert.Equal(ScalarType.Float32, Rotary.Halves(x.to(ScalarType.Float64), perRow).dtype);
        Assert.Throws<ArgumentException>(() => Rotary.Table([[0]], [3]));
        Assert.Throws<ArgumentException>(() => Rotary.Table([[0], [0, 1]], [2, 2]));
    }
}
