namespace Acceleration.Tool;

/// <summary>Text that others chose (names in files, paths), fit for a terminal: control characters would move its cursor or change its colours.</summary>
internal static class Printable
{
    private const char Unprintable = '\uFFFD';

    // Laying out a cell takes time in proportion to the square of its words.
    private const int LongestCell = 300;

    public static string Of(string text) => text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? Unprintable : c)) : text;

    /// <summary>The same for a cell of a table, which is no place for a name of a megabyte.</summary>
    public static string Cell(string text) => Of(text.Length <= LongestCell ? text : string.Concat(text.AsSpan(0, LongestCell), "..."));
}
