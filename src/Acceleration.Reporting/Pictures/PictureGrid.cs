namespace Acceleration.Reporting;

/// <summary>A drawing in memory, made of pictures in rows and columns.</summary>
public sealed class PictureGrid
{
    private PictureGrid(int width, int height) => (Width, Height, Rgba) = (width, height, new byte[4 * width * height]);

    /// <summary>Width in pixels.</summary>
    public int Width { get; }

    /// <summary>Height in pixels.</summary>
    public int Height { get; }

    /// <summary>Red, green, blue, alpha of each pixel, row by row; the space between pictures is transparent.</summary>
    public byte[] Rgba { get; }

    /// <summary>Draws pictures side by side. Three channels are colours; of any other number the first is drawn in grey.</summary>
    /// <param name="pictures">The pictures.</param>
    /// <param name="columns">Pictures per row, at least 1.</param>
    /// <param name="scale">Side of the square that a pixel becomes, at least 1.</param>
    /// <param name="gap">Transparent pixels between pictures, before scaling.</param>
    public static PictureGrid Of(PictureSet pictures, int columns, int scale = 1, int gap = 1)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        return Draw(pictures, columns, scale, gap, at =>
        {
            var plane = pictures.Height * pictures.Width;
            var red = pictures.Pixels[at];
            return pictures.Channels == 3 ? (red, pictures.Pixels[at + plane], pictures.Pixels[at + (2 * plane)]) : (red, red, red);
        });
    }

    /// <summary>Draws how far pictures are from others: the absolute difference, averaged over channels, from black (equal) over red to light yellow.</summary>
    /// <param name="pictures">The pictures.</param>
    /// <param name="reference">As many pictures of the same size.</param>
    /// <param name="gain">The difference is multiplied by this; 1 makes black against white the brightest.</param>
    /// <param name="columns">Pictures per row, at least 1.</param>
    /// <param name="scale">Side of the square that a pixel becomes, at least 1.</param>
    /// <param name="gap">Transparent pixels between pictures, before scaling.</param>
    /// <exception cref="ArgumentException">The pictures differ in number or size.</exception>
    public static PictureGrid Difference(PictureSet pictures, PictureSet reference, double gain, int columns, int scale = 1, int gap = 1)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        ArgumentNullException.ThrowIfNull(reference);
        if ((pictures.Count, pictures.Channels, pictures.Height, pictures.Width) != (reference.Count, reference.Channels, reference.Height, reference.Width))
        {
            throw new ArgumentException("Pictures and reference differ in number or size.", nameof(reference));
        }

        return Draw(pictures, columns, scale, gap, at =>
        {
            var sum = 0;
            for (var c = 0; c < pictures.Channels; c++)
            {
                var i = at + (c * pictures.Height * pictures.Width);
                sum += Math.Abs(pictures.Pixels[i] - reference.Pixels[i]);
            }

            return HeatRamp.At(gain * sum / (255.0 * pictures.Channels));
        });
    }

    /// <summary>Puts drawings under each other.</summary>
    /// <param name="gap">Transparent pixels between them.</param>
    /// <param name="parts">At least one drawing.</param>
    public static PictureGrid Stack(int gap, params IReadOnlyList<PictureGrid> parts)
    {
        var stack = new PictureGrid(parts.Max(p => p.Width), parts.Sum(p => p.Height) + (gap * (parts.Count - 1)));
        var top = 0;
        foreach (var part in parts)
        {
            for (var y = 0; y < part.Height; y++)
            {
                part.Rgba.AsSpan(4 * y * part.Width, 4 * part.Width).CopyTo(stack.Rgba.AsSpan(4 * (top + y) * stack.Width));
            }

            top += part.Height + gap;
        }

        return stack;
    }

    private static PictureGrid Draw(PictureSet pictures, int columns, int scale, int gap, Func<int, (byte R, byte G, byte B)> colour)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(scale, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(gap);
        var (across, down) = (Math.Min(columns, pictures.Count), (pictures.Count + columns - 1) / columns);
        var grid = new PictureGrid(((across * (pictures.Width + gap)) - gap) * scale, ((down * (pictures.Height + gap)) - gap) * scale);
        for (var i = 0; i < pictures.Count; i++)
        {
            var (left, top) = (i % columns * (pictures.Width + gap) * scale, i / columns * (pictures.Height + gap) * scale);
            var first = i * pictures.Channels * pictures.Height * pictures.Width;
            for (var y = 0; y < pictures.Height * scale; y++)
            {
                var at = 4 * (((top + y) * grid.Width) + left);
                for (var x = 0; x < pictures.Width * scale; x++, at += 4)
                {
                    var (r, g, b) = colour(first + (y / scale * pictures.Width) + (x / scale));
                    (grid.Rgba[at], grid.Rgba[at + 1], grid.Rgba[at + 2], grid.Rgba[at + 3]) = (r, g, b, 255);
                }
            }
        }

        return grid;
    }
}
