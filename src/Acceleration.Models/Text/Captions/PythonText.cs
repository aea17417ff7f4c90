using System.Text;

namespace Acceleration.Models;

/// <summary>Python's ideas of white space and lower case.</summary>
internal static class PythonText
{
    /// <summary>A character of words, in a regular expression: letters, numbers of any kind, and the low line, but no marks.</summary>
    public const string Word = @"[\p{L}\p{N}_]";

    /// <summary>The border of a word.</summary>
    public const string Border = @"(?:(?<=[\p{L}\p{N}_])(?![\p{L}\p{N}_])|(?<![\p{L}\p{N}_])(?=[\p{L}\p{N}_]))";

    /// <summary>White space.</summary>
    public const string Space = @"[\s\x1c-\x1f]";

    /// <summary>Takes white space off both ends.</summary>
    public static string Strip(string text)
    {
        var (first, end) = (0, text.Length);
        while (first < end && IsSpace(text[first]))
        {
            first++;
        }

        while (end > first && IsSpace(text[end - 1]))
        {
            end--;
        }

        return text[first..end];
    }

    public static bool IsSpace(char c) => char.IsWhiteSpace(c) || c is >= '\x1c' and <= '\x1f';

    /// <summary>Lower case by the full mappings.</summary>
    public static string Lower(string text)
    {
        var lowered = new List<int>();
        LowerCase.Append([.. text.EnumerateRunes().Select(r => r.Value)], lowered);
        var result = new StringBuilder(text.Length);
        lowered.ForEach(c => result.Append(char.ConvertFromUtf32(c)));
        return result.ToString();
    }
}
