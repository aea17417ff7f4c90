using System.Text.Json;

namespace Acceleration.Tool;

/// <summary>
/// Settings stored in a golden file, all of which must have been asked for in the end: one that nobody understands is refused by name. Keys that begin with an
/// underscore are notes of the writer.
/// </summary>
internal sealed class StoredConfig
{
    private readonly string _name;
    private readonly JsonElement _json;
    private readonly HashSet<string> _read = [];

    /// <param name="name">What the settings are called in messages.</param>
    /// <param name="json">A JSON object.</param>
    public StoredConfig(string name, JsonElement json)
    {
        (_name, _json) = (name, json);
        if (json.ValueKind != JsonValueKind.Object)
        {
            throw new NotKnownException($"{name} is {json.ValueKind.ToString().ToLowerInvariant()}, not an object with settings.");
        }
    }

    /// <summary>The settings as they are stored.</summary>
    public JsonElement Json => _json;

    /// <summary>Its keys.</summary>
    public IEnumerable<string> Keys => _json.EnumerateObject().Select(p => p.Name);

    /// <summary>Whether it says anything under a key.</summary>
    public bool Has(string key) => _json.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>A setting; what <paramref name="otherwise"/> says where it is missing or null.</summary>
    /// <exception cref="NotKnownException">It has another type.</exception>
    public T Get<T>(string key, T otherwise)
    {
        _read.Add(key);
        try
        {
            // Python writes infinity as a word.
            return !Has(key) ? otherwise
                : typeof(T) == typeof(double) && _json.GetProperty(key) is { ValueKind: JsonValueKind.String } word && word.GetString() == "Infinity" ? (T)(object)double.PositiveInfinity
                : _json.GetProperty(key).Deserialize<T>()!;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new NotKnownException($"{_name}: {key} is {_json.GetProperty(key).GetRawText()}, which is not understood here.", e);
        }
    }

    /// <summary>A setting that must be there.</summary>
    /// <exception cref="NotKnownException">It is missing or has another type.</exception>
    public T Get<T>(string key) => Has(key) ? Get(key, default(T)!) : throw new NotKnownException($"{_name} does not say '{key}'.");

    /// <summary>One of the spellings in <paramref name="known"/>.</summary>
    public T Choice<T>(string key, string otherwise, params (string Spelling, T Value)[] known)
    {
        var spelling = Get(key, otherwise);
        var at = Array.FindIndex(known, k => k.Spelling == spelling);
        return at >= 0 ? known[at].Value : throw new NotKnownException($"{_name}: {key} = {spelling} is not known yet. Known are {string.Join(", ", known.Select(k => k.Spelling))}.");
    }

    /// <summary>An entry of an enumeration, by its name.</summary>
    public T Entry<T>(string key, T otherwise)
        where T : struct, Enum => Choice(key, otherwise.ToString(), [.. Enum.GetValues<T>().Select(v => (v.ToString(), v))]);

    /// <summary>Demands the only value that is computed here; a missing key is right.</summary>
    public void Expect<T>(string key, T only)
    {
        var value = Get(key, only);
        if (!Equals(value, only))
        {
            throw new NotKnownException($"{_name}: {key} = {_json.GetProperty(key).GetRawText()} is not known yet; known is {JsonSerializer.Serialize(only)}.");
        }
    }

    /// <summary>Notes keys without influence on the result.</summary>
    public void Ignore(params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            _read.Add(key);
        }
    }

    /// <summary>Settings within these.</summary>
    public StoredConfig Inner(string key)
    {
        _read.Add(key);
        return new($"{_name}.{key}", Has(key) ? _json.GetProperty(key) : JsonSerializer.SerializeToElement(new { }));
    }

    /// <exception cref="NotKnownException">A setting was not asked for.</exception>
    public void RequireAllRead()
    {
        var unknown = _json.EnumerateObject().Where(p => !_read.Contains(p.Name) && !p.Name.StartsWith('_')).Select(p => $"{p.Name} = {p.Value.GetRawText()}").ToArray();
        if (unknown.Length > 0)
        {
            throw new NotKnownException($"{_name}: {string.Join(", ", unknown)} {(unknown.Length == 1 ? "is a setting that is" : "are settings that are")} not known here.");
        }
    }
}
