using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Acceleration.Models;

/// <summary>
/// The configuration that comes with a checkpoint: the JSON text under <c>config</c> in its metadata, else a config.json beside the file, else the metadata itself.
/// Remembers which keys were read, so that one nobody understands is refused instead of ignored.
/// </summary>
public sealed partial class CheckpointConfig
{
    private const string JsonKey = "config";
    private const string ClassKey = "model_class";
    private const int MostBytes = 1 << 24;
    private const int MostListed = 10;
    private const int MostOfValue = 60;
    private const int MostOfMessage = 200;

    private readonly string _file;
    private readonly IReadOnlyDictionary<string, string> _values;
    private readonly IReadOnlySet<string> _nulls;
    private readonly HashSet<string> _read = [];

    private CheckpointConfig(string file, IReadOnlyDictionary<string, string> values, string? named, IReadOnlySet<string>? nulls = null)
    {
        (_file, _values, _nulls) = (file, values, nulls ?? new HashSet<string>());
        ClassName = named ?? values.GetValueOrDefault("_class_name") ?? FirstOf(values.GetValueOrDefault("architectures")) ?? values.GetValueOrDefault("architecture");
    }

    /// <summary>Finds the configuration of a checkpoint.</summary>
    /// <exception cref="CheckpointException">The JSON is malformed, or the file beside cannot be read or has more than 16 MiB.</exception>
    public static CheckpointConfig Of(ICheckpoint file)
    {
        ArgumentNullException.ThrowIfNull(file);
        var named = file.Metadata.GetValueOrDefault(ClassKey);
        if (file.Metadata.TryGetValue(JsonKey, out var json))
        {
            return Parsed(file.FilePath, () => JsonDocument.Parse(json), named);
        }

        var beside = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file.FilePath))!, "config.json");
        return file.Metadata.Keys.All(k => k == "format") && File.Exists(beside) ? FromFile(beside) : new(file.FilePath, file.Metadata, named);
    }

    /// <summary>Reads a configuration file.</summary>
    /// <exception cref="CheckpointException">It is missing, malformed, or has more than 16 MiB.</exception>
    public static CheckpointConfig FromFile(string path) => Parsed(path, () => JsonDocument.Parse(Text(path)), null);

    /// <summary>The name of the network's class, as its makers call it; null where nothing says it.</summary>
    public string? ClassName { get; }

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

    /// <summary>Whole numbers: a JSON array, numbers with commas between them, or one number for an array of one.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="least">Smallest that is right.</param>
    /// <param name="most">Largest that is right.</param>
    /// <param name="mayBeNone">Whether an empty array is right.</param>
    /// <returns>The numbers; null where the key is missing.</returns>
    /// <exception cref="CheckpointException">They are something else or out of range.</exception>
    public IReadOnlyList<int>? Integers(string key, int least, int most, bool mayBeNone = false)
    {
        if (Find(key) is not { } text)
        {
            return null;
        }

        try
        {
            var all = JsonSerializer.Deserialize<int[]>(text.StartsWith('[') ? text : $"[{text}]")!;
            if ((all.Length > 0 || mayBeNone) && Array.TrueForAll(all, n => n >= least && n <= most))
            {
                return all;
            }
        }
        catch (JsonException)
        {
            // Told below, with what would be right.
        }

        throw Wrong(key, text, $"whole numbers from {least} to {most}");
    }

    /// <summary>Words: a JSON array of strings, or words with commas between them.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="supported">The words that are understood.</param>
    /// <returns>The words; null where the key is missing.</returns>
    /// <exception cref="CheckpointException">They are something else.</exception>
    public IReadOnlyList<string>? Words(string key, params IReadOnlyList<string> supported)
    {
        if (Find(key) is not { } text)
        {
            return null;
        }

        try
        {
            var all = text.StartsWith('[') ? JsonSerializer.Deserialize<string[]>(text)! : text.Split(',', StringSplitOptions.TrimEntries);
            if (all.Length > 0 && Array.TrueForAll(all, supported.Contains))
            {
                return all;
            }
        }
        catch (JsonException)
        {
            // Told below, with what would be right.
        }

        throw Wrong(key, text, $"an array of {string.Join(", ", supported)}");
    }

    /// <summary>A finite number.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="otherwise">What a missing key means; null where it must be there.</param>
    /// <exception cref="CheckpointException">It is missing or no number.</exception>
    public double Number(string key, double? otherwise = null)
    {
        if (Find(key) is not { } text)
        {
            return otherwise ?? throw Missing(key);
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : throw Wrong(key, text, "a finite number");
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
            throw Misfit(misfit + ".");
        }
    }

    /// <summary>The exception for values that do not fit together.</summary>
    /// <param name="misfit">What does not, to the end of a sentence.</param>
    /// <param name="inner">The error underneath, if any.</param>
    public CheckpointException Misfit(string misfit, Exception? inner = null) => new(_file, null, $"the configuration does not fit together: {misfit}", inner);

    /// <summary>Call it when all keys have been read. Keys that begin with an underscore are notes of the writer.</summary>
    /// <exception cref="CheckpointException">A key was not read: the network might need what it says.</exception>
    public void RequireAllRead()
    {
        var unknown = _values.Keys.Where(k => !_read.Contains(k) && !k.StartsWith('_')).Order(StringComparer.Ordinal).ToArray();
        if (unknown.Length > 0)
        {
            throw new CheckpointException(
                _file, null, $"the configuration has {(unknown.Length == 1 ? "a key" : "keys")} that this network does not know: {List(unknown.Select(k => $"{Shorten(k)} = {Shorten(_values[k])}"))}.");
        }
    }

    /// <summary>Transformers writes the class as an array of one.</summary>
    private static string? FirstOf(string? array)
    {
        try
        {
            return array is null ? null : JsonSerializer.Deserialize<string[]>(array)?.FirstOrDefault();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private string? Find(string key)
    {
        _read.Add(key);
        return _values.GetValueOrDefault(key);
    }

    private CheckpointException Missing(string key) =>
        new(_file, null, $"the configuration does not say '{key}'. It has {(_values.Count == 0 ? "no keys" : List(_values.Keys.Order(StringComparer.Ordinal).Select(k => Shorten(k))))}.");

    private CheckpointException Wrong(string key, string value, string right) =>
        new(_file, null, $"the configuration says {key} = {Shorten(value)}; supported is {right}.");

    private static string List(IEnumerable<string> all)
    {
        string[] first = [.. all.Take(MostListed + 1)];
        return first.Length > MostListed ? string.Join(", ", first[..MostListed]) + ", ..." : string.Join(", ", first);
    }

    private static string Shorten(string value) => Shorten(value, MostOfValue);

    private static string Shorten(string value, int most) => value.Length <= most ? value : value[..most] + "...";

    private static ReadOnlyMemory<byte> Text(string path)
    {
        if (SpecialFile.KindOf(path) is { } kind)
        {
            throw new CheckpointException(path, null, $"this is {kind}; a configuration is a regular file.");
        }

        try
        {
            using var stream = File.OpenRead(path);
            if (stream.Length > MostBytes)
            {
                throw new CheckpointException(path, null, $"the file has {stream.Length} bytes; a configuration has {MostBytes} at most.");
            }

            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? bytes.AsMemory(Encoding.UTF8.Preamble.Length) : bytes;
        }
        catch (Exception error) when (error is not CheckpointException && error is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException(path, null, $"the configuration cannot be read: {error.Message}", error);
        }
    }
}
