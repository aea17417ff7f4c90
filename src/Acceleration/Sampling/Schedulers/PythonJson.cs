using System.Text;
using System.Text.Json;

namespace Acceleration;

/// <summary>
/// JSON as Python writes it: infinities and NaN stand in it as bare words, which JSON does not have (<c>"lambda_min_clipped": -Infinity</c> in published schedulers). They are read as strings of that spelling.
/// </summary>
public static class PythonJson
{
    private static readonly string[] Words = ["-Infinity", "Infinity", "NaN"];

    /// <summary>Reads a text.</summary>
    /// <exception cref="JsonException">It is not JSON, apart from such words.</exception>
    public static JsonElement Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return JsonSerializer.Deserialize<JsonElement>(Quoted(text));
    }

    /// <summary>The text with such words, where they stand outside of strings, in quotes.</summary>
    private static string Quoted(string text)
    {
        if (!text.Contains("Infinity", StringComparison.Ordinal) && !text.Contains("NaN", StringComparison.Ordinal))
        {
            return text;
        }

        var made = new StringBuilder(text.Length + 16);
        var inString = false;
        for (var i = 0; i < text.Length; i++)
        {
            if (!inString && WordAt(text, i) is { } word)
            {
                made.Append('"').Append(word).Append('"');
                i += word.Length - 1;
                continue;
            }

            made.Append(text[i]);
            if (inString && text[i] == '\\' && i + 1 < text.Length)
            {
                made.Append(text[++i]);
            }
            else if (text[i] == '"')
            {
                inString = !inString;
            }
        }

        return made.ToString();
    }

    private static string? WordAt(string text, int at) => Array.Find(Words, w => string.CompareOrdinal(text, at, w, 0, w.Length) == 0);
}
