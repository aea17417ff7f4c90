using System.Text.Json;
using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace Acceleration;

/// <summary>A store as a safetensors file: its tensors, and in the metadata which rows of what they are.</summary>
internal static class StoreFile
{
    private const string Key = "run_store";
    private const int Version = 1;

    // A decision may remember a value that is no number.
    private static readonly JsonSerializerOptions Json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    public static void Write(string path, IEnumerable<(StoreKey Key, RowBatch Batch)> batches, IEnumerable<((StoreKey Key, RowId Row) At, double Value)> numbers)
    {
        var ordered = batches.OrderBy(b => b.Batch.Stamp).ToArray();
        var saved = new Saved(
            Version,
            [.. ordered.Select((b, i) => new SavedBatch(b.Key, $"{i}", [.. b.Batch.Rows], [.. b.Batch.Live], b.Batch.At))],
            [.. numbers.Select(n => new SavedNumber(n.At.Key, n.At.Row, n.Value))]);
        SafetensorsFile.Write(path, ordered.Select((b, i) => ($"{i}", b.Batch.Memory.Value)), new Dictionary<string, string> { [Key] = JsonSerializer.Serialize(saved, Json) });
    }

    /// <exception cref="CheckpointException">The file is no saved store, or does not hold what it says.</exception>
    public static void Read(string path, Device? device, Action<SavedBatch, Tensor> batch, Action<SavedNumber> number)
    {
        using var file = SafetensorsFile.Open(path);
        var saved = Parse(file);
        RequireEachOnce(file, saved.Batches);
        foreach (var b in saved.Batches)
        {
            // A copy: a view of the mapped file would forbid to write the next state over this one.
            using var value = file.ReadCopy(b.Tensor, device: device);
            if (b.Rows.Length == 0 || value.ndim == 0 || value.size(0) % b.Rows.Length != 0 || b.Live.Except(b.Rows).Any() || b.Rows.Distinct().Count() != b.Rows.Length)
            {
                throw new CheckpointException(path, b.Tensor, $"it should hold {b.Rows.Length} distinct rows along dimension 0, the live ones among them; its shape is [{string.Join(", ", value.shape)}].");
            }

            batch(b, value);
        }

        Array.ForEach(saved.Numbers, number);
    }

    /// <summary>A tensor that several batches asked for would be copied as often: a small file could fill the memory.</summary>
    private static void RequireEachOnce(SafetensorsFile file, SavedBatch[] batches)
    {
        var named = new HashSet<string>();
        foreach (var batch in batches)
        {
            if (!file.Tensors.ContainsKey(batch.Tensor))
            {
                throw CheckpointException.Missing(file.FilePath, batch.Tensor, file.Names);
            }

            if (!named.Add(batch.Tensor))
            {
                throw new CheckpointException(file.FilePath, batch.Tensor, $"'{Key}' names it twice.");
            }
        }

        if (file.Names.FirstOrDefault(n => !named.Contains(n)) is { } unknown)
        {
            throw new CheckpointException(file.FilePath, unknown, $"'{Key}' does not say what it is.");
        }
    }

    private static Saved Parse(SafetensorsFile file)
    {
        if (!file.Metadata.TryGetValue(Key, out var text))
        {
            throw new CheckpointException(file.FilePath, null, $"it is no saved store: its metadata has no '{Key}'.");
        }

        try
        {
            var saved = JsonSerializer.Deserialize<Saved>(text, Json);
            return saved is { Version: Version, Batches: not null, Numbers: not null } && Array.TrueForAll(saved.Batches, b => b is { Tensor: not null, Rows: not null, Live: not null, Key.Name: not null }) && Array.TrueForAll(saved.Numbers, n => n is { Key.Name: not null })
                ? saved
                : throw new CheckpointException(file.FilePath, null, $"'{Key}' is of version {saved?.Version}, or incomplete; this library reads version {Version}.");
        }
        catch (JsonException e)
        {
            throw new CheckpointException(file.FilePath, null, $"'{Key}' cannot be read: {e.Message}", e);
        }
    }

    private sealed record Saved(int Version, SavedBatch[] Batches, SavedNumber[] Numbers);

    internal sealed record SavedBatch(StoreKey Key, string Tensor, RowId[] Rows, RowId[] Live, double At);

    internal sealed record SavedNumber(StoreKey Key, RowId Row, double Value);
}
