using static TorchSharp.torch;

namespace Acceleration.Tests.Operators;

public sealed class MatrixProductTests : OperatorTest
{
    public static TheoryData<long[], long> Shapes => new()
    {
        { [1, 1], 1 }, { [1, 5], 1 }, { [5, 1], 1 }, { [1, 1], 5 }, { [1, 5], 7 }, { [5, 1], 7 }, { [5, 7], 1 }, { [2, 2], 2 },
        { [7], 3 }, { [77, 13], 29 }, { [3, 17, 33], 65 }, { [2, 3, 5, 31], 17 }, { [8, 192], 1152 }, { [2, 64, 192], 576 }, { [257, 129], 127 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void EveryRouteEqualsDoublePrecision(long[] shape, long n)
    {
        foreach (var (dtype, tolerance) in new[] { (ScalarType.Float32, 2e-6), (ScalarType.BFloat16, 8e-3), (ScalarType.Float64, 1e-14) })
        {
            var (x, weight, bias) = (Random(dtype, 1, shape), Random(dtype, 2, n, shape[^1]), Random(dtype, 3, n));
            var product = x.to_type(ScalarType.Float64).reshape(-1, shape[^1]).mm(weight.to_type(ScalarType.Float64).t());
            var expected = product.reshape([.. shape[..^1], n]);
            foreach (var route in Enum.GetValues<MatrixRoute>())
            {
                MatrixProduct.Route = route;
                var plain = MatrixProduct.Compute(x, weight);
                var biased = MatrixProduct.Compute(x, weight, bias);

                Assert.True(Error(plain, expected) < tolerance, $"{route} {dtype}: {Error(plain, expected)}");
                Assert.True(Error(biased, expected + bias.to_type(ScalarType.Float64)) < tolerance, $"{route} {dtype} with bias");
                Assert.True(biased.is_contiguous());
                Assert.Equal(biased.numel(), biased.view(-1).size(0));
                Assert.True(SameBits(biased, MatrixProduct.Compute(x, weight, bias)));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void TheConvolutionEqualsItsFormInPlainViewsBitForBit(long[] shape, long n)
    {
        foreach (var dtype in new[] { ScalarType.Float32, ScalarType.BFloat16 })
        {
            var (weight, bias) = (Random(dtype, 2, n, shape[^1]), Random(dtype, 3, n));
            foreach (var x in Layouts(Random(dtype, 1, [3, .. shape[..^1], 2 * shape[^1]]), shape[^1]))
            {
                using var image = x.reshape(1, 1, -1, shape[^1]).permute(0, 3, 1, 2);
                var expected = nn.functional.conv2d(image, weight.view(n, -1, 1, 1), bias).permute(0, 2, 3, 1).reshape([.. shape[..^1], n]);
                var y = MatrixProduct.Convolve(x, weight, bias);

                Assert.True(SameBits(expected, y), $"{dtype}, contiguous {x.is_contiguous()}");
                Assert.True(y.is_contiguous());
            }
        }

        // At the end of a larger memory, so that an offset forgotten shows; then with gaps between the rows.
        static Tensor[] Layouts(Tensor memory, long k) => [memory.narrow(-1, 0, k).contiguous()[2], memory[2].narrow(-1, k, k)];
    }

    [Fact]
    public void ResultsOfEitherMemoryLayoutBecomeRows()
    {
        foreach (var (m, n) in new[] { (6L, 4L), (1, 4), (6, 1), (1, 1) })
        {
            var rows = Random(ScalarType.Float32, 1, 2, m, n)[1];
            var channelsLast = rows.reshape(1, 1, m, n).permute(0, 3, 1, 2);
            foreach (var product in new[] { channelsLast, channelsLast.contiguous() })
            {
                Assert.True(SameBits(rows, MatrixProduct.Rows(product, zeros(m, 5), m, n)));
                Assert.True(SameBits(rows.view(1, m, n), MatrixProduct.Rows(product, zeros(1, m, 5), m, n)));
                Assert.True(SameBits(rows.view(m, 1, 1, n), MatrixProduct.Rows(product, zeros(m, 1, 1, 5), m, n)));
            }
        }
    }

    [Fact]
    public void StridedOperandsAreRead()
    {
        var wide = Random(ScalarType.Float32, 1, 4, 33, 2 * 48);
        var stored = Random(ScalarType.Float32, 2, 48, 20);
        Tensor[] operands = [wide.narrow(2, 48, 48), wide.narrow(2, 0, 48).transpose(0, 1), wide.narrow(1, 3, 30).narrow(2, 1, 48), wide.slice(2, 0, 96, 2)];
        foreach (var x in operands)
        {
            Assert.False(x.is_contiguous());
            var expected = x.contiguous().to_type(ScalarType.Float64).reshape(-1, 48).mm(stored.to_type(ScalarType.Float64)).reshape(x.size(0), x.size(1), 20);
            foreach (var route in Enum.GetValues<MatrixRoute>())
            {
                MatrixProduct.Route = route;
                var y = MatrixProduct.Compute(x, stored.t());

                Assert.True(Error(y, expected) < 2e-6);
                Assert.True(y.is_contiguous());
            }
        }
    }

    [Fact]
    public void ConvolutionReadsAContiguousWeightWhereItLies()
    {
        var x = ones(32, 16);
        var weight = zeros(16, 16);
        MatrixProduct.Route = MatrixRoute.Convolution;
        weight.fill_(2);

        Assert.Equal(32, MatrixProduct.Compute(x, weight)[31, 15].item<float>());
        Assert.Equal(1, x[0, 0].item<float>());
    }

    [Fact]
    public void NoRowsGiveNoRows()
    {
        foreach (var route in Enum.GetValues<MatrixRoute>())
        {
            MatrixProduct.Route = route;
            Assert.Equal([0, 3, 5], MatrixProduct.Compute(zeros(0, 3, 7), zeros(5, 7), zeros(5)).shape);
        }
    }

    [Fact]
    public void BothRoutesPassGradients()
    {
        using var gradients = enable_grad();
        var start = Random(ScalarType.Float32, 1, 20, 24);
        var weight = Random(ScalarType.Float32, 2, 28, 24);
        foreach (var route in Enum.GetValues<MatrixRoute>())
        {
            MatrixProduct.Route = route;
            var x = start.clone().requires_grad_(true);
            var gradient = autograd.grad([MatrixProduct.Compute(x, weight).sum()], [x])[0];

            Assert.True(Error(gradient, weight.to_type(ScalarType.Float64).sum(0L).expand(20, 24)) < 2e-6);
        }
    }

    [Fact]
    public void MisfitsAreRefusedByName()
    {
        Refused("[2, 3] Float32", () => MatrixProduct.Compute(zeros(2, 3), zeros(5, 4)));
        Refused("[5, 3, 1]", () => MatrixProduct.Compute(zeros(2, 3), zeros(5, 3, 1)));
        Refused("[4] Float32", () => MatrixProduct.Compute(zeros(2, 3), zeros(5, 3), zeros(4)));
        Refused("[1, 5]", () => MatrixProduct.Compute(zeros(2, 3), zeros(5, 3), zeros(1, 5)));
        Refused("BFloat16", () => MatrixProduct.Compute(zeros(2, 3), zeros(5, 3, ScalarType.BFloat16)));
        Refused("[] Float32", () => MatrixProduct.Compute(tensor(1f), zeros(5, 3)));

        static void Refused(string named, Action call) =>
            Assert.Contains(named, Assert.Throws<ArgumentException>(call).Message, StringComparison.Ordinal);
    }
}
