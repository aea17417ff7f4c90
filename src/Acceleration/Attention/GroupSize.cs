namespace Acceleration;

/// <summary>Sides of a group of tokens. A side that does not divide its axis leaves a smaller group at the end: nothing is padded, so nothing needs a mask.</summary>
/// <param name="Frames">Frames of a group; videos only.</param>
/// <param name="Height">Rows of a group.</param>
/// <param name="Width">Columns of a group.</param>
public readonly record struct GroupSize(int Frames, int Height, int Width)
{
    /// <summary>16 × 16 tokens, as GRAT has it for images.</summary>
    public static GroupSize Image { get; } = new(1, 16, 16);

    /// <summary>4 frames of 8 × 8 tokens, as GRAT has it for videos.</summary>
    public static GroupSize Video { get; } = new(4, 8, 8);

    /// <summary>The leading axis in groups: frames of a video, rows of an image.</summary>
    public GroupAxis Leading(TokenGrid grid) => new(grid.Leading, grid.Middle == 1 ? Height : Frames);

    /// <summary>The middle axis in groups: rows of a video; of an image, one position.</summary>
    public GroupAxis Middle(TokenGrid grid) => new(grid.Middle, Height);

    /// <summary>The trailing axis in groups: columns.</summary>
    public GroupAxis Trailing(TokenGrid grid) => new(grid.Trailing, Width);
}
