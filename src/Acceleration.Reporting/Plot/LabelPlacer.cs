namespace Acceleration.Reporting;

/// <summary>Finds places for labels beside points so that they cover neither each other nor a point.</summary>
internal sealed class LabelPlacer(double left, double top, double right, double bottom)
{
    private const double Height = 13;
    private const double CharacterWidth = 6.4;
    private const double Distance = 10;
    private readonly List<(double X0, double Y0, double X1, double Y1)> _taken = [];

    /// <summary>Keeps the surroundings of a point free.</summary>
    public void Reserve(double x, double y) => _taken.Add((x - 7, y - 7, x + 7, y + 7));

    /// <summary>Place and anchor of a label for a point, or null where it fits nowhere.</summary>
    public (double X, double Y, string Anchor)? Place(double x, double y, string text)
    {
        var width = text.Length * CharacterWidth;
        (double X, double Y, string Anchor)[] places =
        [
            (x + Distance, y + 4, "start"),
            (x - Distance, y + 4, "end"),
            (x, y - Distance - 1, "middle"),
            (x, y + Distance + Height - 3, "middle"),
            (x + Distance, y - 9, "start"),
            (x + Distance, y + 17, "start"),
            (x - Distance, y - 9, "end"),
            (x - Distance, y + 17, "end"),
        ];
        foreach (var place in places)
        {
            var x0 = place.Anchor switch { "start" => place.X, "end" => place.X - width, _ => place.X - (width / 2) };
            var box = (X0: x0, Y0: place.Y - Height + 3, X1: x0 + width, Y1: place.Y + 3);
            var fits = box.X0 >= left && box.X1 <= right && box.Y0 >= top && box.Y1 <= bottom;
            if (fits && !_taken.Exists(t => t.X0 < box.X1 && box.X0 < t.X1 && t.Y0 < box.Y1 && box.Y0 < t.Y1))
            {
                _taken.Add(box);
                return place;
            }
        }

        return null;
    }
}
