using System.Globalization;
using System.Text.Json;

namespace Acceleration.Models;

/// <summary>
/// The configuration that comes with a checkpoint: the JSON text under <c>config</c> in its metadata, else a config.json beside the file, else the metadata itself.
/// Remembers which keys were read, so that one nobody understands is refused instead of ignored.
/// </summary>
public sealed class CheckpointConfig
{
    private const string JsonKey = "config";

    private readonly string _file;
    private readonly IReadOnlyDictionary<string, string> _values;
    private readonly HashSet<string> _read = [];

    private CheckpointConfig(string file, IReadOnlyDictionary<string, string> values) => (_file, _values) = (file, values);

    /// <summary>Finds the configuration of a checkpoint.</summary>
    /// <exception cref="CheckpointException">The JSON is malformed.</exception>
    public static CheckpointConfig Of(SafetensorsFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (file.Metadata.TryGetValue(JsonKey, out var json))
        {
            return new(file.FilePath, Parse(file.FilePath, json));
        }

        var beside = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file.FilePath))!, "config.json");
        return file.Metadata.Keys.All(k => k == "format") && File.Exists(beside)
            ? new(beside, Parse(beside, File.ReadAllText(beside)))
            : new(file.FilePath, file.Metadata);
    }

    /// <summary>A whole number.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="least">Smallest that is right.</param>
    /// <param name="most">Largest that is right.</param>
    /// <param name="otherwise">What a missing key means; null where it must be there.</param>
    /// <exception cref="CheckpointException">It is missing or out of range.</exception>
    public int Integer(string key, int least, int most, int? otherwise = null)
    {
        if (Find(key) is not { } text)
        {
            return otherwise ?? throw Missing(key);
        }

        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most
            ? value
            : throw Wrong(key, text, $"a whole number from {least} to {most}");
    }

    /// <summary>A finite number above 0.</summary>
    /// <inheritdoc cref="Integer"/>
    public double Positive(string key, double? otherwise = null)
    {
        if (Find(key) is not { } text)
        {
            return otherwise ?? throw Missing(key);
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value > 0 && double.IsFinite(value)
            ? value
            : throw Wrong(key, text, "a number above 0");
    }

    /// <summary>True, false, or null where the key is missing.</summary>
    public bool? Flag(string key) => Find(key) is not { } text
        ? null
        : bool.TryParse(text, out var value) ? value : throw Wrong(key, text, "true or false");

    /// <summary>Demands one of the values this library computes; a missing key is right.</summary>
    /// <returns>The value, or null where the key is missing.</returns>
    /// <exception cref="CheckpointException">It has another value.</exception>
    public string? Expect(string key, params ReadOnlySpan<string> supported)
    {
        if (Find(key) is not { } text)
        {
            return null;
        }

        foreach (var value in supported)
        {
            if (string.Equals(value, text, StringComparison.OrdinalIgnoreCase))
            {
                return text;
            }
        }

        throw Wrong(key, text, string.Join(" or ", supported.ToArray()));
    }

    /// <summary>Notes keys without influence on the result.</summary>
    public void Ignore(params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            _read.Add(key);
        }
    }

    /// <summary>Demands that values fit together.</summary>
    /// <param name="fits">Whether they do.</param>
    /// <param name="misfit">What does not, as part of a sentence.</param>
    /// <exception cref="CheckpointException">They do not.</exception>
    public void Require(bool fits, string misfit)
    {
        if (!fits)
        {
            throw new CheckpointException(_file, null, $"the configuration does not fit together: {misfit}.");
        }
    }

    /// <summary>Call it when all keys have been read. Keys that begin with an underscore are notes of the writer.</summary>
    /// <exception cref="CheckpointException">A key was not read: the network might need what it says.</exception>
    public void RequireAllRead()
    {
        var unknown = _values.Keys.Where(k => !_read.Contains(k) && !k.StartsWith('_')).Order(StringComparer.Ordinal).ToArray();
        if (unknown.Length > 0)
        {
            throw new CheckpointException(
                _file, null, $"the configuration has {(unknown.Length == 1 ? "a key" : "keys")} that this network does not know: {string.Join(", ", unknown.Select(k => $"{k} = {Shorten(_values[k])}"))}.");
        }
    }

    private string? Find(string key)
    {
        _read.Add(key);
        return _values.GetValueOrDefault(key);
    }

    private CheckpointException Missing(string key) =>
        new(_file, null, $"the configuration does not say '{key}'. It has {(_values.Count == 0 ? "no keys" : string.Join(", ", _values.Keys.Order(StringComparer.Ordinal)))}.");

    private CheckpointException Wrong(string key, string value, string right) =>
        new(_file, null, $"the configuration says {key} = {Shorten(value)}; supported is {right}.");

    private static string Shorten(string value) => value.Length <= 60 ? value : value[..60] + "...";

    /// <summary>A JSON null says nothing, as if the key were missing, but it has been written down: it needs no reader.</summary>
    private static Dictionary<string, string> Parse(string file, string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.EnumerateObject()
                .Where(p => p.Value.ValueKind != JsonValueKind.Null)
                .ToDictionary(p => p.Name, p => p.Value.ValueKind == JsonValueKind.String ? p.Value.GetString()! : p.Value.GetRawText());
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or ArgumentException)
        {
            throw new CheckpointException(file, null, $"the configuration is not a JSON object with distinct keys: {error.Message}", error);
        }
    }
}
