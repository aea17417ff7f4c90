using static TorchSharp.torch;

namespace Acceleration;

/// <summary>
/// Named condition tensors, one row per sample along dimension 0 (or one row shared by all). Networks read the names they know:
/// <c>labels</c>, <c>text</c>, <c>text_mask</c>, <c>pooled</c>, ... Owns its tensors.
/// </summary>
public sealed class Conditioning : IDisposable
{
    private readonly Dictionary<string, Tensor> _tensors;

    /// <summary>Makes a condition from named tensors, which are detached from dispose scopes and owned from now on.</summary>
    /// <param name="rows">Rows of each tensor that is not shared.</param>
    /// <param name="tensors">Names and tensors with <paramref name="rows"/> or 1 entries along dimension 0.</param>
    /// <exception cref="ArgumentException">A tensor has another number of rows.</exception>
    public Conditioning(int rows, params (string Name, Tensor Tensor)[] tensors)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        foreach (var (name, t) in tensors)
        {
            if (t.ndim == 0 || (t.size(0) != rows && t.size(0) != 1))
            {
                throw new ArgumentException($"Condition '{name}' must have {rows} rows (or 1 shared by all) along dimension 0; its shape is [{string.Join(", ", t.shape)}].", nameof(tensors));
            }
        }

        Rows = rows;
        _tensors = tensors.ToDictionary(t => t.Name, t => t.Tensor.DetachFromDisposeScope());
    }

    /// <summary>Rows along dimension 0.</summary>
    public int Rows { get; }

    /// <summary>The names given.</summary>
    public IReadOnlyCollection<string> Names => _tensors.Keys;

    /// <summary>A condition tensor.</summary>
    /// <exception cref="KeyNotFoundException">It was not given; the message lists what was.</exception>
    public Tensor this[string name] => _tensors.TryGetValue(name, out var t)
        ? t
        : throw new KeyNotFoundException($"The network asks for the condition '{name}', which was not given. Given: {(_tensors.Count == 0 ? "none" : string.Join(", ", _tensors.Keys))}.");

    /// <summary>No condition at all.</summary>
    public static Conditioning None(int rows) => new(rows);

    /// <summary>Class labels, int64 [rows].</summary>
    public static Conditioning Labels(params ReadOnlySpan<long> labels) => new(labels.Length, (ConditionNames.Labels, tensor(labels.ToArray())));

    /// <summary>A condition tensor, or null.</summary>
    public Tensor? Find(string name) => _tensors.GetValueOrDefault(name);

    /// <summary>The rows at the given positions, as a condition of its own; a condition of one row serves all positions.</summary>
    public Conditioning Take(ReadOnlySpan<int> positions)
    {
        var rows = RowSet.Of(Rows, Branch.Conditional);
        var picked = new (string, Tensor)[_tensors.Count];
        var i = 0;
        foreach (var (name, t) in _tensors)
        {
            // One row serves any sample, whatever its position.
            picked[i++] = (name, Rows == 1 ? t.alias() : rows.Take(t, positions));
        }

        return new(positions.Length, picked);
    }

    /// <summary>Puts the rows of several conditions together.</summary>
    /// <exception cref="ArgumentException">They do not have the same names.</exception>
    public static Conditioning Concat(IReadOnlyList<Conditioning> parts)
    {
        var names = parts[0].Names;
        if (parts.Any(p => !p.Names.ToHashSet().SetEquals(names)))
        {
            throw new ArgumentException($"Guidance branches must have the same condition tensors; they have {string.Join(" | ", parts.Select(p => string.Join(", ", p.Names)))}.", nameof(parts));
        }

        return new(parts.Sum(p => p.Rows), [.. names.Select(n => (n, cat([.. parts.Select(p => p.Expanded(n))], 0)))]);
    }

    /// <summary>Moves all tensors to a device, as a condition of its own.</summary>
    public Conditioning To(Device device)
    {
        using var scope = NewDisposeScope();
        return new(Rows, [.. _tensors.Select(t => (t.Key, t.Value.to(device).alias()))]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var t in _tensors.Values)
        {
            t.Dispose();
        }
    }

    /// <summary>Whether a tensor has one row for several samples.</summary>
    internal bool HasSharedRows => _tensors.Values.Any(t => t.size(0) != Rows);

    private Tensor Expanded(string name)
    {
        var t = _tensors[name];
        if (t.size(0) == Rows)
        {
            return t;
        }

        var shape = t.shape;
        shape[0] = Rows;
        return t.expand(shape);
    }
}
