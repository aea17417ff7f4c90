using System.Text.Json;

namespace Acceleration;

/// <summary>
/// The keys of a <c>scheduler_config.json</c>, with note of what was asked for: what no scheduler knows is refused by name. What a scheduler of another class knows is what the published
/// classes pass over as well (one file serves several of them); <see cref="Foreign"/> tells it.
/// </summary>
internal sealed class SchedulerConfig
{
    private readonly JsonElement _json;
    private readonly HashSet<string> _read = [];

    public SchedulerConfig(JsonElement json)
    {
        _json = json.ValueKind == JsonValueKind.Object ? json : throw new SchedulerConfigException(null, $"it is {json.ValueKind.ToString().ToLowerInvariant()}, not an object with settings.");
        ClassName = Get("_class_name", "");
    }

    /// <summary>The class it names; empty where it names none.</summary>
    public string ClassName { get; }

    /// <summary>Keys of other classes, which have no influence on this one.</summary>
    public IReadOnlyList<string> Foreign => [.. _json.EnumerateObject().Select(p => p.Name).Where(n => !n.StartsWith('_') && !_read.Contains(n)).Order(StringComparer.Ordinal)];

    /// <summary>A setting; <paramref name="otherwise"/> where it is missing or null.</summary>
    public T Get<T>(string key, T otherwise)
    {
        _read.Add(key);
        if (!_json.TryGetProperty(key, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return otherwise;
        }

        try
        {
            // The reference writes JSON with Python's words for infinity.
            return typeof(T) == typeof(double) && value.ValueKind == JsonValueKind.String ? (T)(object)Infinite(key, value.GetString()!) : value.Deserialize<T>()!;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new SchedulerConfigException(key, $"{PlanException.Shorten(value.GetRawText())} is not a value of its type ({TypeName(typeof(T))}).", e);
        }
    }

    /// <summary>One of the spellings in <paramref name="known"/>.</summary>
    public T Choice<T>(string key, string otherwise, params ReadOnlySpan<(string Spelling, T Value)> known)
    {
        var spelling = Get(key, otherwise);
        foreach (var (name, value) in known)
        {
            if (name == spelling)
            {
                return value;
            }
        }

        var names = new List<string>();
        foreach (var (name, _) in known)
        {
            names.Add(name);
        }

        throw new SchedulerConfigException(key, $"'{PlanException.Shorten(spelling)}' is not supported; supported are {string.Join(", ", names)}.");
    }

    /// <summary>A key whose only supported value is <paramref name="only"/>.</summary>
    public void Expect<T>(string key, T only, string reason)
    {
        if (!Equals(Get(key, only), only))
        {
            throw new SchedulerConfigException(key, $"{PlanException.Shorten(_json.GetProperty(key).GetRawText())} is not supported: {reason}");
        }
    }

    /// <summary>Whether a key says something.</summary>
    public bool Says(string key)
    {
        _read.Add(key);
        return _json.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null;
    }

    /// <exception cref="SchedulerConfigException">A key is known to no scheduler.</exception>
    public void RequireKnown()
    {
        if (Foreign.FirstOrDefault(k => !SchedulerKeys.All.Contains(k)) is { } unknown)
        {
            var nearest = NearestName.Of(unknown, SchedulerKeys.All, Math.Max(1, unknown.Length / 3));
            throw new SchedulerConfigException(unknown, $"no scheduler has a setting of this name{(nearest is null ? "" : $"; the nearest is '{nearest}'")}.");
        }
    }

    private static double Infinite(string key, string text) => text switch
    {
        "Infinity" or "inf" => double.PositiveInfinity,
        "-Infinity" or "-inf" => double.NegativeInfinity,
        _ => throw new SchedulerConfigException(key, $"'{PlanException.Shorten(text)}' is not a number."),
    };

    private static string TypeName(Type type) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var t when t == typeof(bool) => "true or false",
        var t when t == typeof(int) => "a whole number",
        var t when t == typeof(double) || t == typeof(float) => "a number",
        var t when t == typeof(string) => "a word",
        _ => "a list",
    };
}
