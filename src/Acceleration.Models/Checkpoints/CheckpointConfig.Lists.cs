using System.Text.Json;

namespace Acceleration.Models;

public sealed partial class CheckpointConfig
{
    /// <summary>Whether a key is there with a JSON null, where that means another thing than a missing key.</summary>
    public bool IsNull(string key)
    {
        _read.Add(key);
        return _nulls.Contains(key);
    }

    /// <summary>Truth values: a JSON array, or one for an array of one.</summary>
    /// <param name="key">Its key.</param>
    /// <returns>The values; null where the key is missing.</returns>
    /// <exception cref="CheckpointException">They are something else.</exception>
    public IReadOnlyList<bool>? Flags(string key)
    {
        if (Find(key) is not { } text)
        {
            return null;
        }

        return bool.TryParse(text, out var one) ? [one]
            : Read<bool[]>(text) is { Length: > 0 } all ? all
            : throw Wrong(key, text, "true, false, or an array of these");
    }

    /// <summary>Lists of whole numbers: a JSON array of numbers and arrays of numbers, or one number; a number is a list of one.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="least">Smallest that is right.</param>
    /// <param name="most">Largest that is right.</param>
    /// <returns>The lists; null where the key is missing.</returns>
    /// <exception cref="CheckpointException">They are something else or out of range.</exception>
    public IReadOnlyList<IReadOnlyList<int>>? IntegerLists(string key, int least, int most)
    {
        if (Find(key) is not { } text)
        {
            return null;
        }

        var entries = Read<JsonElement[]>(text.StartsWith('[') ? text : $"[{text}]") ?? [];
        int[][] lists = [.. entries.Select(e => Read<int[]>(e.ValueKind == JsonValueKind.Array ? e.GetRawText() : $"[{e.GetRawText()}]") ?? [])];
        return lists.Length > 0 && Array.TrueForAll(lists, l => l.Length > 0 && Array.TrueForAll(l, n => n >= least && n <= most))
            ? lists
            : throw Wrong(key, text, $"whole numbers from {least} to {most}, or lists of them");
    }

    private static T? Read<T>(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(text);
        }
        catch (JsonException)
        {
            return default;
        }
    }

    /// <summary>A JSON null says nothing, as if the key were missing, but it has been written down: it needs no reader.</summary>
    private static CheckpointConfig Parsed(string file, Func<JsonDocument> read, string? named)
    {
        try
        {
            using var document = read();
            var all = document.RootElement.EnumerateObject().ToLookup(p => p.Value.ValueKind == JsonValueKind.Null);
            return new(
                file,
                all[false].ToDictionary(p => p.Name, p => p.Value.ValueKind == JsonValueKind.String ? p.Value.GetString()! : p.Value.GetRawText()),
                named,
                all[true].Select(p => p.Name).ToHashSet());
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or ArgumentException)
        {
            throw new CheckpointException(file, null, $"the configuration is not a JSON object with distinct keys: {Shorten(error.Message, MostOfMessage)}", error);
        }
    }
}
