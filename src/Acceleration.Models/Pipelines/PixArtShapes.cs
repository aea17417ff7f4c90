namespace Acceleration.Models;

/// <summary>The sizes on which PixArt was trained, one for each aspect ratio (the published tables, in units of 1/32 of the usual side).</summary>
internal static class PixArtShapes
{
    private const int Unit = 32;

    /// <summary>Ratio of height to width, height, width: of networks for 256, 512 and 1024 pixels.</summary>
    private static readonly (double Ratio, int Height, int Width)[] Usual =
    [
        (0.25, 16, 64), (0.28, 16, 58), (0.32, 18, 56), (0.33, 18, 54), (0.35, 18, 52), (0.4, 20, 50), (0.42, 20, 48), (0.48, 22, 46), (0.5, 22, 44), (0.52, 22, 42), (0.57, 24, 42),
        (0.6, 24, 40), (0.68, 26, 38), (0.72, 26, 36), (0.78, 28, 36), (0.82, 28, 34), (0.88, 30, 34), (0.94, 30, 32), (1.0, 32, 32), (1.07, 32, 30), (1.13, 34, 30), (1.21, 34, 28),
        (1.29, 36, 28), (1.38, 36, 26), (1.46, 38, 26), (1.67, 40, 24), (1.75, 42, 24), (2.0, 44, 22), (2.09, 46, 22), (2.4, 48, 20), (2.5, 50, 20), (3.0, 54, 18), (4.0, 64, 16),
    ];

    /// <summary>Of those for 2048 pixels.</summary>
    private static readonly (double Ratio, int Height, int Width)[] Large =
    [
        (0.25, 16, 64), (0.26, 16, 62), (0.27, 16, 60), (0.28, 16, 58), (0.32, 18, 56), (0.33, 18, 54), (0.35, 18, 52), (0.4, 20, 50), (0.42, 20, 48), (0.48, 22, 46), (0.5, 22, 44),
        (0.52, 22, 42), (0.57, 24, 42), (0.6, 24, 40), (0.68, 26, 38), (0.72, 26, 36), (0.78, 28, 36), (0.82, 28, 34), (0.88, 30, 34), (0.94, 30, 32), (1.0, 32, 32), (1.07, 32, 30),
        (1.13, 34, 30), (1.21, 34, 28), (1.29, 36, 28), (1.38, 36, 26), (1.46, 38, 26), (1.67, 40, 24), (1.75, 42, 24), (2.0, 44, 22), (2.09, 46, 22), (2.4, 48, 20), (2.5, 50, 20), (2.89, 52, 18), (3.0, 54, 18), (3.11, 56, 18), (3.62, 58, 16), (3.75, 60, 16), (3.88, 62, 16), (4.0, 64, 16),
    ];

    /// <summary>The trained size nearest in shape; null where the network is for another side than these.</summary>
    /// <param name="side">Latent side that the network is for.</param>
    /// <param name="size">The size asked for.</param>
    public static PictureSize? Nearest(long side, PictureSize size)
    {
        if (side is not (32 or 64 or 128 or 256))
        {
            return null;
        }

        var (_, height, width) = (side == 256 ? Large : Usual).MinBy(t => Math.Abs(t.Ratio - ((double)size.Height / size.Width)));
        var unit = (int)side * 8 / Unit;
        return new(width * unit, height * unit);
    }
}
