using System.Text.Json;
using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace Acceleration;

/// <summary>What a store remembers, as it lies in a safetensors file: which rows of what its tensors are, and its numbers.</summary>
internal sealed record SavedStore(SavedStore.Batch[] Batches, SavedStore.Number[] Numbers)
{
    // A decision may remember a value that is no number.
    public static readonly JsonSerializerOptions Json = new()
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
    };

    private bool IsWhole => Batches is not null && Numbers is not null && Array.TrueForAll(Batches, b => b is { Tensor: not null, Rows: not null, Live: not null, Key.Name: not null }) && Array.TrueForAll(Numbers, n => n is { Key.Name: not null });

    /// <summary>Describes a store; its tensors are added to <paramref name="tensors"/> under names that begin with <paramref name="prefix"/>.</summary>
    public static SavedStore Of(RunStore store, string prefix, List<(string Name, Tensor Tensor)> tensors)
    {
        var ordered = store.Batches.OrderBy(b => b.Batch.Stamp).ToArray();
        tensors.AddRange(ordered.Select((b, i) => ($"{prefix}{i}", b.Batch.Memory.Value)));
        return new(
            [.. ordered.Select((b, i) => new Batch(b.Key, $"{prefix}{i}", [.. b.Batch.Rows], [.. b.Batch.Live], b.Batch.At, b.Batch.Used, b.Batch.Stamp))],
            [.. store.Numbers.Select(n => new Number(n.Key, n.Row, n.Value))]);
    }

    /// <summary>Fills empty stores, batches in the order in which they were made: of two alike, a budget gives back the older one.</summary>
    /// <param name="stores">What is described, and where it goes.</param>
    /// <param name="file">Holds the tensors.</param>
    /// <param name="device">Where they go; null for the CPU.</param>
    /// <param name="from">What of the file describes them, for messages.</param>
    /// <exception cref="CheckpointException">The file does not hold what is described.</exception>
    public static void Restore(IReadOnlyList<(SavedStore Saved, RunStore Store)> stores, SafetensorsFile file, Device? device, string from)
    {
        if (stores.Any(s => !s.Saved.IsWhole))
        {
            throw new CheckpointException(file.FilePath, null, $"'{from}' is incomplete.");
        }

        RequireEachOnce(stores.SelectMany(s => s.Saved.Batches), file, from);

        foreach (var (b, store) in stores.SelectMany(s => s.Saved.Batches.Select(b => (b, s.Store))).OrderBy(s => s.b.Made))
        {
            // A copy: a view of the mapped file would forbid to write the next state over this one.
            using var value = file.ReadCopy(b.Tensor, device: device);
            if (b.Rows.Length == 0 || value.ndim == 0 || value.size(0) % b.Rows.Length != 0 || b.Live.Except(b.Rows).Any() || b.Rows.Distinct().Count() != b.Rows.Length)
            {
                throw new CheckpointException(file.FilePath, b.Tensor, $"it should hold {b.Rows.Length} distinct rows along dimension 0, the live ones among them; its shape is [{string.Join(", ", value.shape)}].");
            }

            store.Restore(b.Key, new(b.Rows), b.Live.ToHashSet(), value, b.At, b.Used);
        }

        foreach (var (n, store) in stores.SelectMany(s => s.Saved.Numbers.Select(n => (n, s.Store))))
        {
            store.SetScalar(n.Key, n.Row, n.Value);
        }
    }

    /// <summary>A tensor that several batches asked for would be copied as often: a small file could fill the memory.</summary>
    private static void RequireEachOnce(IEnumerable<Batch> batches, SafetensorsFile file, string from)
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
                throw new CheckpointException(file.FilePath, batch.Tensor, $"'{from}' names it twice.");
            }
        }
    }

    /// <summary>Rows of a tensor of the file, the step in which they were last used, and which batch they were among all that the process had made.</summary>
    internal sealed record Batch(StoreKey Key, string Tensor, RowId[] Rows, RowId[] Live, double At, long Used = 0, long Made = 0);

    /// <summary>A remembered number.</summary>
    internal sealed record Number(StoreKey Key, RowId Row, double Value);
}
