using TorchSharp;
using static TorchSharp.torch;

namespace Acceleration.Tests.Diagnostics;

public sealed class ImageMetricsTests : IDisposable, ICountsLiveTensors
{
    private readonly long _alive = LiveTensors.Count();
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        LiveTensors.RequireNoneLeft(_alive, Tensor.TotalCount);
    }

    [Fact]
    public void PsnrOfAConstantDifferenceIsMinusTwentyTimesItsLogarithm()
    {
        Assert.Equal(20, ImageMetrics.Psnr(full(1, 1, 4, 4, 0.5, float64), full(1, 1, 4, 4, 0.6, float64)), 1e-9);
        Assert.Equal(40, ImageMetrics.Psnr(full(1, 3, 2, 5, 0.25, float64), full(1, 3, 2, 5, 0.26, float64)), 1e-9);
    }

    [Fact]
    public void PsnrIsCappedPerPictureAndThenAveraged()
    {
        var reference = zeros(2, 1, 4, 4, float64);
        var pictures = cat([zeros(1, 1, 4, 4, float64), full(1, 1, 4, 4, 0.1, float64)], 0);

        var each = ImageMetrics.PsnrPerPicture(pictures, reference);

        Assert.Equal(100, each[0]);
        Assert.Equal(20, each[1], 1e-9);
        Assert.Equal(60, ImageMetrics.Psnr(pictures, reference), 1e-9);
    }

    [Fact]
    public void PsnrIsRelativeToTheRange()
    {
        var reference = zeros(1, 1, 4, 4, uint8);
        var pictures = full(1, 1, 4, 4, 51, uint8);

        Assert.Equal(20 * Math.Log10(5), ImageMetrics.Psnr(pictures, reference, range: 255), 1e-9);
    }

    [Fact]
    public void SsimOfConstantPicturesComparesTheirLuminanceOnly()
    {
        const double a = 0.3, b = 0.8, c1 = 0.0001;

        var ssim = ImageMetrics.Ssim(full(2, 1, 12, 15, a, float64), full(2, 1, 12, 15, b, float64));

        Assert.Equal(((2 * a * b) + c1) / ((a * a) + (b * b) + c1), ssim, 1e-9);
    }

    [Fact]
    public void SsimOfAPictureWithItselfIsOneAndWithItsNegativeIsBelowZero()
    {
        var x = Noise(1, 1, 1, 16, 16);

        Assert.Equal(1, ImageMetrics.Ssim(x, x), 1e-12);
        Assert.InRange(ImageMetrics.Ssim(x, 1 - x), -1, 0);
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(255.0)]
    public void SsimEqualsItsDefinitionWrittenAsLoops(double range)
    {
        var x = Noise(1, 2, 3, 13, 17);
        var y = (x * 0.8) + (Noise(2, 2, 3, 13, 17) * 0.2);

        var each = ImageMetrics.SsimPerPicture(x * range, y * range, range);

        Assert.Equal(2, each.Length);
        for (var n = 0; n < 2; n++)
        {
            var expected = Enumerable.Range(0, 3).Average(c => SsimByLoops(x[n][c], y[n][c]));
            Assert.Equal(expected, each[n], 1e-9);
            Assert.InRange(each[n], 0.5, 0.99);
        }
    }

    [Fact]
    public void InputsThatCannotBeComparedAreNamed()
    {
        var x = zeros(1, 1, 12, 12);

        Assert.Contains("[1, 1, 12, 13]", Assert.Throws<ArgumentException>(() => ImageMetrics.Psnr(x, zeros(1, 1, 12, 13))).Message);
        Assert.Throws<ArgumentException>(() => ImageMetrics.Psnr(x[0], x[0]));
        Assert.Contains("11×11", Assert.Throws<ArgumentException>(() => ImageMetrics.Ssim(zeros(1, 1, 10, 12), zeros(1, 1, 10, 12))).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageMetrics.Ssim(x, x, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageMetrics.Psnr(x, x, double.NaN));
    }

    private static Tensor Noise(ulong seed, params long[] size)
    {
        using var generator = new Generator(seed);
        return rand(size, float64, generator: generator);
    }

    /// <summary>Equation 13 of Wang et al. (2004) with weighted means, variances and covariance at every position where the window fits.</summary>
    private static double SsimByLoops(Tensor x, Tensor y)
    {
        var (a, b) = (x.contiguous().data<double>().ToArray(), y.contiguous().data<double>().ToArray());
        var (height, width) = ((int)x.size(0), (int)x.size(1));
        var weights = new double[11, 11];
        var total = 0.0;
        for (var i = 0; i < 11; i++)
        {
            for (var j = 0; j < 11; j++)
            {
                weights[i, j] = Math.Exp(-(((i - 5) * (i - 5)) + ((j - 5) * (j - 5))) / 4.5);
                total += weights[i, j];
            }
        }

        var sum = 0.0;
        for (var top = 0; top + 11 <= height; top++)
        {
            for (var left = 0; left + 11 <= width; left++)
            {
                var (ma, mb) = (Weighted((p, _) => p), Weighted((_, q) => q));
                var va = Weighted((p, _) => (p - ma) * (p - ma));
                var vb = Weighted((_, q) => (q - mb) * (q - mb));
                var cov = Weighted((p, q) => (p - ma) * (q - mb));
                sum += ((2 * ma * mb) + 0.0001) * ((2 * cov) + 0.0009) / (((ma * ma) + (mb * mb) + 0.0001) * (va + vb + 0.0009));

                double Weighted(Func<double, double, double> of)
                {
                    var s = 0.0;
                    for (var i = 0; i < 11; i++)
                    {
                        for (var j = 0; j < 11; j++)
                        {
                            var at = ((top + i) * width) + left + j;
                            s += weights[i, j] / total * of(a[at], b[at]);
                        }
                    }

                    return s;
                }
            }
        }

        return sum / ((height - 10) * (width - 10));
    }
}
