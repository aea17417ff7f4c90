using static TorchSharp.torch;

namespace Acceleration.Tests.Operators;

public sealed class GeluTests : OperatorTest
{
    [Theory]
    [InlineData(1)]
    [InlineData(1001)]
    [InlineData((1 << 19) + 3)]
    [InlineData((1 << 20) + 1)]
    public void EveryRouteEqualsTheFormula(long elements)
    {
        foreach (var (dtype, tolerance) in new[] { (ScalarType.Float32, 2e-6), (ScalarType.BFloat16, 2e-2), (ScalarType.Float64, 1e-14) })
        {
            var x = linspace(-12, 12, elements, ScalarType.Float64).to_type(dtype);
            var exact = x.to_type(ScalarType.Float64);
            var expected = 0.5 * exact * (1 + (Math.Sqrt(2 / Math.PI) * (exact + 0.044715 * exact * exact * exact)).tanh());
            var before = x.clone();
            foreach (var route in Enum.GetValues<GeluRoute>())
            {
                Gelu.Route = route;
                var y = Gelu.Compute(x);
                var error = (y.to_type(ScalarType.Float64) - expected).abs().max().item<double>();

                Assert.Equal(dtype, y.dtype);
                Assert.True(error < tolerance, $"{route} {dtype}: {error}");
                Assert.True(SameBits(y, Gelu.Compute(x)));
                Assert.True(SameBits(before, x));
            }

            var erf = 0.5 * exact * (1 + (exact / Math.Sqrt(2)).erf());
            Assert.True((Gelu.Compute(x, GeluForm.Erf).to_type(ScalarType.Float64) - erf).abs().max().item<double>() < tolerance);
        }
    }

    [Fact]
    public void StridedTensorsKeepTheirShape()
    {
        var x = Random(ScalarType.Float32, 1, 1000, 30, 40).transpose(0, 2);
        Gelu.Route = GeluRoute.Sigmoid;
        var sigmoid = Gelu.Compute(x);
        Gelu.Route = GeluRoute.Native;

        Assert.Equal(x.shape, sigmoid.shape);
        Assert.True(Error(sigmoid, Gelu.Compute(x).to_type(ScalarType.Float64)) < 1e-6);
    }

    [Fact]
    public void InfinitiesAreThoseOfTheNativeForm()
    {
        var x = tensor(new[] { float.PositiveInfinity, 1e20f, -1e20f, 0f, float.NaN });
        Gelu.Route = GeluRoute.Sigmoid;
        var sigmoid = Gelu.Compute(x).data<float>().ToArray();

        Assert.Equal([float.PositiveInfinity, 1e20f, 0f, 0f, float.NaN], sigmoid.Select(y => y == 0 ? 0f : y));
    }

    [Fact]
    public void GradientsTakeTheNativeForm()
    {
        using var gradients = enable_grad();
        Gelu.Route = GeluRoute.Sigmoid;
        var x = zeros(5).requires_grad_(true);

        var gradient = autograd.grad([Gelu.Compute(x).sum()], [x])[0];

        Assert.Equal([0.5f, 0.5f, 0.5f, 0.5f, 0.5f], gradient.data<float>().ToArray());
    }

    [Fact]
    public void WholeNumbersAreRefused() =>
        Assert.Contains("Int64", Assert.Throws<ArgumentException>(() => Gelu.Compute(zeros(3, ScalarType.Int64))).Message, StringComparison.Ordinal);
}
