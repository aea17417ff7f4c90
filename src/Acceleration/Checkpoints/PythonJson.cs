using System.Text;
using System.Text.Json;

namespace Acceleration;

/// <summary>JSON as Python writes it: with the words NaN, Infinity and -Infinity for numbers that JSON has no way to write. Configuration files of the published schedulers hold them.</summary>
public static class PythonJson
{
    private static readonly string[] Words = ["-Infinity", "Infinity", "NaN"];

    /// <summary>Reads JSON in which such words are strings afterwards.</summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public static JsonElement Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return JsonSerializer.Deserialize<JsonElement>(Words.Any(text.Contains) ? Quoted(text) : text);
    }

    private static string Quoted(string text)
    {
        var result = new StringBuilder(text.Length + 32);
        var isInString = false;
        for (var i = 0; i < text.Length; i++)
        {
            if (!isInString && Words.FirstOrDefault(w => text.AsSpan(i).StartsWith(w)) is { } word)
            {
                result.Append('"').Append(word).Append('"');
                i += word.Length - 1;
                continue;
            }

            result.Append(text[i]);
            if (isInString && text[i] == '\\' && i + 1 < text.Length)
            {
                result.Append(text[++i]);
            }
            else if (text[i] == '"')
            {
                isInString = !isInString;
            }
        }

        return result.ToString();
    }
}
