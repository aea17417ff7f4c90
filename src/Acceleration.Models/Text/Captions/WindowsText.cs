namespace Acceleration.Models;

/// <summary>Windows-1252, which is usually meant where text has C1 controls.</summary>
internal static class WindowsText
{
    private const int First = 0x80;

    /// <summary>What it has in their place; the five that it leaves open stay.</summary>
    private const string C1 = "\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u008d\u017d\u008f\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u009d\u017e\u0178";

    /// <summary>A character, or what it stands for.</summary>
    public static char Of(char c) => c is >= (char)First and < (char)(First + 32) ? C1[c - First] : c;

    /// <summary>As <see cref="Of"/>, of a number from 128 to 159.</summary>
    public static string At(int number) => C1[number - First].ToString();
}
