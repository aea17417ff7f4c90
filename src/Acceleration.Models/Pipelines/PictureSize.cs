namespace Acceleration.Models;

/// <summary>Size of a picture or film in pixels.</summary>
/// <param name="Width">Pixels per row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Frames">Frames; 1 for a picture.</param>
public readonly record struct PictureSize(int Width, int Height, int Frames = 1)
{
    /// <inheritdoc/>
    public override string ToString() => Frames == 1 ? $"{Width}×{Height}" : $"{Width}×{Height}×{Frames}";
}
