using System.Text.Json;

namespace Acceleration.Models;

/// <summary>A JSON object in a file of a model, read with exceptions that name the file and the key.</summary>
/// <param name="File">The file.</param>
/// <param name="Root">The object.</param>
/// <param name="At">The key it stands under, with a point behind; empty for the whole file.</param>
internal sealed record ModelJson(string File, JsonElement Root, string At = "")
{
    /// <summary>A value; null where it is missing or null.</summary>
    public JsonElement? Find(string key) => Root.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>An object; null where it is missing.</summary>
    public ModelJson? Object(string key) => Find(key) is not { } value ? null
        : value.ValueKind == JsonValueKind.Object ? new(File, value, $"{At}{key}.") : throw Wrong(key, "an object");

    /// <summary>The entries of an array; none where it is missing.</summary>
    public IEnumerable<JsonElement> Array(string key) => Find(key) is not { } value ? []
        : value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : throw Wrong(key, "an array");

    public string? Text(string key) => Find(key) is not { } value ? null : String(value) ?? throw Wrong(key, "a text");

    public bool? Flag(string key) => Find(key) is not { } value ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Wrong(key, "true or false");

    /// <summary>A whole number from 0; null where it is missing.</summary>
    public int? Count(string key) => Find(key) is not { } value ? null : Whole(value) ?? throw Wrong(key, "a whole number from 0");

    /// <summary>A token: a text, or an object with its <c>content</c>.</summary>
    public string? Token(string key) => Find(key) is not { } value ? null
        : String(value) ?? (value.ValueKind == JsonValueKind.Object && value.TryGetProperty("content", out var content) ? String(content) : null) ?? throw Wrong(key, "a token");

    public CheckpointException Wrong(string key, string right) => new(File, null, $"'{At}{(key.Length > 60 ? key[..60] : key)}' is not {right}.");

    /// <summary>A text, or null for anything else and for what is no text in UTF-16.</summary>
    public static string? String(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>A whole number from 0, or null.</summary>
    public static int? Whole(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var whole) && whole >= 0 ? whole : null;
}
