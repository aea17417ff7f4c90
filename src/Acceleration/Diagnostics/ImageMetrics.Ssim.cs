using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Acceleration;

public static partial class ImageMetrics
{
    private const int Window = 11;
    private const double Sigma = 1.5;

    /// <summary>
    /// Structural similarity (Wang et al., 2004), averaged over pictures and channels: 11×11 Gaussian window with σ 1.5 at positions where it fits wholly,
    /// K1 = 0.01, K2 = 0.03, population covariance. 1 for equal pictures.
    /// </summary>
    /// <param name="pictures">Pictures to judge, at least 11 pixels high and wide.</param>
    /// <param name="reference">Pictures they should equal.</param>
    /// <param name="range">Length of the interval of pixel values, above 0.</param>
    /// <exception cref="ArgumentException">The shapes differ, are not [pictures, channels, height, width], or a side is below 11 pixels.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="range"/> is not positive and finite.</exception>
    public static double Ssim(Tensor pictures, Tensor reference, double range = 1) => SsimPerPicture(pictures, reference, range).Average();

    /// <summary>Structural similarity of every picture, averaged over its channels.</summary>
    /// <inheritdoc cref="Ssim"/>
    public static double[] SsimPerPicture(Tensor pictures, Tensor reference, double range = 1)
    {
        if (pictures.ndim == 4 && (pictures.size(2) < Window || pictures.size(3) < Window))
        {
            throw new ArgumentException($"Structural similarity looks through an {Window}×{Window} window; the pictures are {pictures.size(2)}×{pictures.size(3)}.", nameof(pictures));
        }

        var (c1, c2) = (Math.Pow(0.01 * range, 2), Math.Pow(0.03 * range, 2));
        return PerPicture(pictures, reference, range, (picture, target) =>
        {
            // Channels are independent pictures to the filter.
            var (x, y) = (picture.unsqueeze(1), target.unsqueeze(1));
            var filtered = Blur(cat([x, y, x * x, y * y, x * y], 1)).unbind(1);
            var (mx, my) = (filtered[0], filtered[1]);
            var (xx, yy, xy) = (mx * mx, my * my, mx * my);
            // ((2·μxμy + c1) / (μx² + μy² + c1)) · ((2·σxy + c2) / (σx² + σy² + c2))
            var luminance = xy.Times(2).Plus(c1) / xx.Plus(yy).Plus(c1);
            var structure = (filtered[4] - xy).Times(2).Plus(c2) / (filtered[2] - xx).Plus(filtered[3] - yy).Plus(c2);
            return HostReads.Doubles((luminance * structure).mean())[0];
        });
    }

    private static Tensor Blur(Tensor x)
    {
        var weights = new double[Window];
        for (var i = 0; i < Window; i++)
        {
            weights[i] = Math.Exp(-Math.Pow(i - (Window / 2), 2) / (2 * Sigma * Sigma));
        }

        var sum = weights.Sum();
        var kernel = tensor(Array.ConvertAll(weights, w => w / sum));
        var planes = x.reshape(-1, 1, x.size(2), x.size(3));
        var blurred = conv2d(conv2d(planes, kernel.view(1, 1, Window, 1)), kernel.view(1, 1, 1, Window));
        return blurred.view(x.size(0), x.size(1), blurred.size(2), blurred.size(3));
    }
}
