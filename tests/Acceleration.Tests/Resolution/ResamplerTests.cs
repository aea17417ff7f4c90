using Acceleration.Tests.Core;
using static TorchSharp.torch;

namespace Acceleration.Tests.Resolution;

public sealed class ResamplerTests : CoreTest
{
    public static TheoryData<Resampling> Kernels => [.. Enum.GetValues<Resampling>()];

    [Theory]
    [MemberData(nameof(Kernels))]
    public void ConstantsStayAndAnEqualSizeIsExact(Resampling kernel)
    {
        foreach (var size in new long[][] { [2, 7, 12], [2, 16, 3], [2, 5, 5] })
        {
            Assert.True((Resampler.Resize(full([3, 2, 8, 6], 0.7f), size, kernel) - 0.7f).abs().max().item<float>() < 1e-6);
        }

        var x = Count(1, 2, 4, 6);
        Assert.True(Resampler.Resize(x, [2, 4, 6], kernel).Equals(x));
    }

    [Theory]
    [InlineData(Resampling.Lanczos3)]
    [InlineData(Resampling.Bicubic)]
    [InlineData(Resampling.Bilinear)]
    [InlineData(Resampling.Area)]
    public void ARampStaysARampAwayFromItsEnds(Resampling kernel)
    {
        // Pixel k of n covers k/n to (k + 1)/n, so that its centre lies at (k + 1/2)/n in both sizes.
        Tensor Ramp(long n) => ((arange(n, ScalarType.Float64) + 0.5) / n).view(1, 1, 1, n).expand(1, 1, 1, n);
        // A ratio of 3 to 2 samples a kernel unevenly: a tenth of a pixel.
        foreach (var (from, to, tolerance) in new[] { (64L, 32L, kernel == Resampling.Lanczos3 ? 1e-3 : 1e-9), (60, 40, 0.1 / 40) })
        {
            var middle = Resampler.Resize(Ramp(from), [1, 1, to], kernel) - Ramp(to);
            Assert.True(middle.narrow(3, to / 4, to / 2).abs().max().item<double>() < tolerance, $"{kernel}: {from} to {to}");
        }
    }

    [Fact]
    public void HalvingByAreaIsPoolingAndDoublingByNearestIsRepeating()
    {
        var x = randn(2, 3, 8, 12);
        Assert.True((Resampler.Resize(x, [3, 4, 6], Resampling.Area) - nn.functional.avg_pool2d(x, 2)).abs().max().item<float>() < 1e-6);
        Assert.True(Resampler.Resize(x, [3, 16, 24], Resampling.Nearest).Equals(x.repeat_interleave(2, 2).repeat_interleave(2, 3)));
        var bilinear = nn.functional.interpolate(x, size: [16, 24], mode: InterpolationMode.Bilinear, align_corners: false);
        Assert.True((Resampler.Resize(x, [3, 16, 24], Resampling.Bilinear) - bilinear).abs().max().item<float>() < 1e-5);
    }

    [Fact]
    public void FramesOfAVideoAreResizedOneByOne()
    {
        var x = randn([2, 3, 4, 8, 6]);
        var whole = Resampler.Resize(x, [3, 4, 5, 9], Resampling.Lanczos3);
        Assert.Equal([2, 3, 4, 5, 9], whole.shape);
        Assert.True((whole[TensorIndex.Colon, TensorIndex.Colon, 2] - Resampler.Resize(x[TensorIndex.Colon, TensorIndex.Colon, 2], [3, 5, 9], Resampling.Lanczos3)).abs().max().item<float>() < 1e-6);
    }

    [Fact]
    public void DownAndUpAgainKeepsWhatIsSmooth()
    {
        var wave = (arange(32, ScalarType.Float32) * (2 * MathF.PI / 32)).sin().view(1, 1, 1, 32).expand(1, 1, 32, 32);
        var there = Resampler.Resize(wave, [1, 16, 16], Resampling.Lanczos3);
        var back = Resampler.Resize(there, [1, 32, 32], Resampling.Lanczos3);
        Assert.True((back - wave).narrow(3, 6, 20).abs().max().item<float>() < 0.02);
    }

    [Fact]
    public void OtherDimensionsAreRefused()
    {
        var x = zeros(1, 2, 4, 4);
        foreach (var size in new long[][] { [3, 4, 4], [4, 4], [2, 0, 4], [2, 1, 4, 4] })
        {
            Assert.Contains("last two dimensions", Assert.Throws<ArgumentException>(() => Resampler.Resize(x, size, Resampling.Area)).Message, StringComparison.Ordinal);
        }
    }
}
