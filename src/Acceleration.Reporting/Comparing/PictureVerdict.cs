namespace Acceleration.Reporting;

/// <summary>A sampler's pictures and how far they are from the baseline's.</summary>
internal sealed record PictureVerdict(PictureSet Pictures, double[] Psnr, double[] Ssim, long[] Classes, int Broken, byte[] Hash);
