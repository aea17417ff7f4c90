namespace Acceleration;

/// <summary>
/// The three axes along which attention patterns are laid out: frames, rows and columns of a video; rows, one, and columns of an image, so that the first axis is always one along which
/// a range of positions is a range of memory.
/// </summary>
/// <param name="Leading">Frames of a video, rows of an image.</param>
/// <param name="Middle">Rows of a video, 1 for an image.</param>
/// <param name="Trailing">Columns.</param>
public readonly record struct TokenGrid(long Leading, long Middle, long Trailing)
{
    /// <summary>Image tokens.</summary>
    public long Tokens => Leading * Middle * Trailing;

    /// <summary>The grid of a layout.</summary>
    public static TokenGrid Of(TokenLayout layout) => layout.Frames > 1 ? new(layout.Frames, layout.Height, layout.Width) : new(layout.Height, 1, layout.Width);
}
