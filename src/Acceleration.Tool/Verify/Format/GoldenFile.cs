using System.Globalization;
using System.Text.Json;
using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>A golden file: tensors and metadata, with note of what was read, so that nothing in it is passed over.</summary>
internal sealed class GoldenFile : IDisposable
{
    private readonly SafetensorsFile _file;
    private readonly HashSet<string> _read = [];

    private GoldenFile(SafetensorsFile file) => _file = file;

    public string Path => _file.FilePath;

    public string Kind => TextOrNull("kind") ?? "";

    /// <summary>Opens a file; reads no tensor.</summary>
    /// <exception cref="CheckpointException">It is missing or malformed.</exception>
    public static GoldenFile Open(string path) => new(SafetensorsFile.Open(path));

    public string? TextOrNull(string key) => _file.Metadata.GetValueOrDefault(key);

    /// <exception cref="CheckpointException">The key is missing.</exception>
    public string Text(string key) => TextOrNull(key) ?? throw Wrong($"its metadata has no key '{key}'.");

    /// <summary>A metadata value as a number.</summary>
    /// <exception cref="CheckpointException">It is missing, or no number.</exception>
    public double Number(string key) => NumberOrNull(key) ?? throw Wrong($"its metadata has no key '{key}'.");

    /// <inheritdoc cref="Number"/>
    public double? NumberOrNull(string key) => TextOrNull(key) is not { } text ? null
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value
        : throw Wrong($"its metadata key '{key}' is '{text}', not a number.");

    /// <summary>A metadata value as a whole number above 0.</summary>
    /// <exception cref="CheckpointException">It is missing, or no such number.</exception>
    public int Count(string key) => int.TryParse(Text(key), NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value > 0
        ? value
        : throw Wrong($"its metadata key '{key}' is '{Text(key)}', not a whole number above 0.");

    /// <summary>A metadata value that is JSON.</summary>
    /// <exception cref="CheckpointException">It is missing, or not JSON.</exception>
    public JsonElement Json(string key)
    {
        try
        {
            return PythonJson.Parse(Text(key));
        }
        catch (JsonException e)
        {
            throw new CheckpointException(Path, null, $"its metadata key '{key}' is not JSON: {e.Message}", e);
        }
    }

    /// <summary>The settings under a key, an empty object where the key is missing.</summary>
    public StoredConfig Config(string key) => new(key, TextOrNull(key) is null ? JsonSerializer.SerializeToElement(new { }) : Json(key));

    public bool Has(string name) => _file.Tensors.ContainsKey(name);

    public IReadOnlyList<string> Names => _file.Names;

    /// <summary>The shape of a tensor.</summary>
    /// <exception cref="CheckpointException">There is none of this name.</exception>
    public IReadOnlyList<long> Shape(string name) => _file.Tensors.TryGetValue(name, out var entry) ? entry.Shape : throw Missing(name);

    /// <summary>Whether a tensor holds whole numbers, which must be equal where others need only be close.</summary>
    public bool IsWhole(string name) => _file.Tensors.TryGetValue(name, out var entry) && (entry.DType is ScalarType.Int64 or ScalarType.Int32);

    /// <exception cref="CheckpointException">There is none of this name.</exception>
    public Tensor Read(string name, ScalarType? dtype = null)
    {
        _read.Add(name);
        return _file.Read(name, dtype);
    }

    public Tensor? ReadOrNull(string name) => Has(name) ? Read(name) : null;

    /// <summary>A tensor's values, in double precision.</summary>
    public double[] Numbers(string name)
    {
        using var stored = Read(name, ScalarType.Float64);
        return stored.numel() == 0 ? [] : stored.data<double>().ToArray();
    }

    /// <summary>The values of a tensor of whole numbers.</summary>
    public long[] Whole(string name)
    {
        using var stored = Read(name, ScalarType.Int64);
        return stored.numel() == 0 ? [] : stored.data<long>().ToArray();
    }

    /// <summary>Notes tensors that say nothing which the others do not.</summary>
    public void Ignore(params IEnumerable<string> names) => _read.UnionWith(names);

    /// <summary>Call it when everything has been compared. Weights are the network's to complain about, probes are for whoever looks inside.</summary>
    /// <exception cref="NotKnownException">A tensor was not read: the check does not know what it means.</exception>
    public void RequireAllRead()
    {
        string[] free = ["weights.", "probe."];
        var left = Names.Where(n => !_read.Contains(n) && !n.StartsWith("output64", StringComparison.Ordinal) && !free.Any(f => n.StartsWith(f, StringComparison.Ordinal))).ToArray();
        if (left.Length > 0)
        {
            throw new NotKnownException($"it holds tensors whose meaning is not known here: {string.Join(", ", left.Take(5))}{(left.Length > 5 ? $" and {left.Length - 5} more" : "")}.");
        }
    }

    /// <summary>A file that this one refers to: beside it, else in its parent folders, the nearest first.</summary>
    /// <exception cref="CheckpointException">It is nowhere, or named so that it could be anywhere.</exception>
    public string Neighbour(string name)
    {
        if (System.IO.Path.IsPathRooted(name) || name.Split('/', '\\').Contains(".."))
        {
            throw Wrong($"it refers to '{name}'; files that belong to it are named without a root and without '..'.");
        }

        // By its whole name first: a file of the same name may lie nearer, and be this one.
        foreach (var wanted in new[] { name, System.IO.Path.GetFileName(name) })
        {
            for (var folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path)); folder is not null; folder = System.IO.Path.GetDirectoryName(folder))
            {
                var candidate = System.IO.Path.Combine(folder, wanted);
                if (File.Exists(candidate) && candidate != System.IO.Path.GetFullPath(Path))
                {
                    return candidate;
                }
            }
        }

        throw Wrong($"it refers to '{name}', which is neither beside it nor in a folder above.");
    }

    public CheckpointException Wrong(string reason) => new(Path, null, reason);

    public void Dispose() => _file.Dispose();

    private CheckpointException Missing(string name) => new(Path, name, "the file has no such tensor.");
}
