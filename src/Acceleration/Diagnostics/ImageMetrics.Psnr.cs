using static TorchSharp.torch;

namespace Acceleration;

public static partial class ImageMetrics
{
    /// <summary>Upper bound on the peak signal-to-noise ratio of one picture, in dB: equal pictures would be infinitely good.</summary>
    public const double PsnrCap = 100;

    /// <summary>Peak signal-to-noise ratio, averaged over pictures: 10·log10(range² / mean squared error) dB, each capped at <see cref="PsnrCap"/>.</summary>
    /// <param name="pictures">Pictures to judge.</param>
    /// <param name="reference">Pictures they should equal.</param>
    /// <param name="range">Length of the interval of pixel values, above 0.</param>
    /// <exception cref="ArgumentException">The shapes differ or are not [pictures, channels, height, width].</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="range"/> is not positive and finite.</exception>
    public static double Psnr(Tensor pictures, Tensor reference, double range = 1) => PsnrPerPicture(pictures, reference, range).Average();

    /// <summary>Peak signal-to-noise ratio of every picture in dB, capped at <see cref="PsnrCap"/>; NaN where a picture holds NaN.</summary>
    /// <inheritdoc cref="Psnr"/>
    public static double[] PsnrPerPicture(Tensor pictures, Tensor reference, double range = 1) =>
        PerPicture(pictures, reference, range, (picture, target) =>
        {
            var difference = picture - target;
            var error = HostReads.Doubles((difference * difference).mean())[0];
            return Math.Min(PsnrCap, 10 * Math.Log10(range * range / error));
        });
}
