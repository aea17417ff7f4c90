using System.Runtime.InteropServices;
using SkiaSharp;

namespace Acceleration.Reporting;

/// <summary>Drawings as PNG.</summary>
public static class PngWriter
{
    /// <summary>The bytes of a PNG file.</summary>
    /// <exception cref="InvalidOperationException">The encoder refused the drawing, for example because it is too large.</exception>
    public static byte[] Encode(PictureGrid grid)
    {
        ArgumentNullException.ThrowIfNull(grid);
        using var bitmap = new SKBitmap(new SKImageInfo(grid.Width, grid.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        Marshal.Copy(grid.Rgba, 0, bitmap.GetPixels(), grid.Rgba.Length);
        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100)
            ?? throw new InvalidOperationException($"A drawing of {grid.Width}×{grid.Height} pixels cannot be encoded as PNG.");
        return data.ToArray();
    }

    /// <summary>Writes a PNG file, whole or not at all, and its directory where missing.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, PictureGrid grid) => WholeFile.Write(path, Encode(grid));
}
