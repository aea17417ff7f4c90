namespace Acceleration.Tool;

/// <summary>Text that others chose (names in files, paths), fit for a terminal: control characters would move its cursor or change its colours.</summary>
internal static class Printable
{
    private const char Unprintable = '\uFFFD';

    public static string Of(string text) => text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? Unprintable : c)) : text;
}
