namespace Acceleration.Reporting;

/// <summary>How the pictures of one comparison are laid out, the same for all rows.</summary>
internal sealed record PictureLayout(int Columns, int Scale)
{
    /// <summary>Differences are drawn this much stronger.</summary>
    public const double DifferenceGain = 4;

    private const int WantedWidth = 1900;
    private const int SmallestShown = 48;

    /// <summary>As many columns as keep pictures visible, enlarged to about the width of a screen.</summary>
    public static PictureLayout For(PictureSet pictures)
    {
        var fits = Math.Max(4, WantedWidth / Math.Max(SmallestShown, pictures.Width));
        var rows = (pictures.Count + fits - 1) / fits;
        var columns = (pictures.Count + rows - 1) / rows;
        return new(columns, Math.Clamp(WantedWidth / (columns * (pictures.Width + 1)), 1, 8));
    }

    public PictureGrid Pictures(PictureSet pictures) => PictureGrid.Of(pictures, Columns, Scale);

    public PictureGrid Difference(PictureSet pictures, PictureSet reference) => PictureGrid.Difference(pictures, reference, DifferenceGain, Columns, Scale);
}
