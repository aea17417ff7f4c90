using System.Collections;
using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace Acceleration;

/// <summary>The rows of a batch, in the order in which they lie along dimension 0. Immutable.</summary>
public sealed class RowSet : IReadOnlyList<RowId>, IEquatable<RowSet>
{
    private readonly RowId[] _ids;
    private readonly int _hash;

    /// <summary>Makes a row set.</summary>
    /// <param name="ids">Distinct row ids.</param>
    public RowSet(params ReadOnlySpan<RowId> ids)
    {
        _ids = ids.ToArray();
        var h = new HashCode();
        foreach (var id in ids)
        {
            h.Add(id);
        }

        _hash = h.ToHashCode();
    }

    /// <inheritdoc/>
    public int Count => _ids.Length;

    /// <inheritdoc/>
    public RowId this[int index] => _ids[index];

    /// <summary>One branch of samples 0..count-1.</summary>
    public static RowSet Of(int samples, int branch)
    {
        var rows = new RowId[samples];
        for (var i = 0; i < samples; i++)
        {
            rows[i] = new(i, branch);
        }

        return new(rows);
    }

    /// <summary>The rows at the given positions.</summary>
    public RowSet At(ReadOnlySpan<int> positions)
    {
        if (positions.Length == Count && IsAll(positions))
        {
            return this;
        }

        var picked = new RowId[positions.Length];
        for (var i = 0; i < picked.Length; i++)
        {
            picked[i] = _ids[positions[i]];
        }

        return new(picked);
    }

    /// <summary>Position of a row, or -1.</summary>
    public int IndexOf(RowId id) => Array.IndexOf(_ids, id);

    /// <summary>Positions of the rows that satisfy <paramref name="predicate"/>, ascending.</summary>
    public int[] Positions(Func<RowId, bool> predicate)
    {
        var (found, count) = (new int[_ids.Length], 0);
        for (var i = 0; i < _ids.Length; i++)
        {
            if (predicate(_ids[i]))
            {
                found[count++] = i;
            }
        }

        return count == found.Length ? found : found[..count];
    }

    /// <summary>
    /// The given rows of a tensor whose dimension 0 is rows × fold; a view where they are adjacent. A tensor with one row is shared by all.
    /// </summary>
    /// <exception cref="ArgumentException">Dimension 0 is not a multiple of the row count.</exception>
    [OverloadResolutionPriority(1)]
    public Tensor Take(Tensor x, ReadOnlySpan<int> positions)
    {
        var length = x.size(0);
        if (length == 1 && Count > 1)
        {
            return x.alias();
        }

        if (length % Count != 0)
        {
            throw new ArgumentException($"Dimension 0 of a per-row tensor must be a multiple of its {Count} rows; it is {length}.", nameof(x));
        }

        var fold = length / Count;
        if (IsRange(positions))
        {
            return x.narrow(0, positions.Length == 0 ? 0 : positions[0] * fold, positions.Length * fold);
        }

        var index = new long[positions.Length * fold];
        for (var i = 0; i < index.Length; i++)
        {
            index[i] = (positions[(int)(i / fold)] * fold) + (i % fold);
        }

        using var at = tensor(index, device: x.device);
        return Picked(x, at);
    }

    /// <inheritdoc cref="Take(Tensor, ReadOnlySpan{int})"/>
    public Value Take(Value value, ReadOnlySpan<int> positions) =>
        new(Take(value.Main, positions), value.Text is null ? null : Take(value.Text, positions));

    /// <summary>Some rows, by their ids, of a tensor whose dimension 0 is these rows × fold.</summary>
    /// <param name="x">The tensor; itself where all rows are asked for in their order.</param>
    /// <param name="some">Which, all of them among these.</param>
    /// <exception cref="ArgumentException">Dimension 0 is not a multiple of the row count, or a row is not among these.</exception>
    public Tensor Take(Tensor x, RowSet some)
    {
        ArgumentNullException.ThrowIfNull(some);
        if (Equals(some))
        {
            return x;
        }

        int[] positions = [.. some.Select(IndexOf)];
        return Array.IndexOf(positions, -1) is var missing and >= 0 ? throw new ArgumentException($"Row {some[missing]} is not among {this}.", nameof(some)) : Take(x, positions);
    }

    /// <summary>
    /// What is made of these rows group by group, each group as if it were alone, put together in their order: for rows that remember more than others, or were computed in other steps.
    /// </summary>
    /// <typeparam name="TKey">What rows of one group have in common.</typeparam>
    /// <param name="by">The group of a row.</param>
    /// <param name="make">Makes a tensor for the rows of one group, dimension 0 rows × fold. Called once where all rows have everything in common.</param>
    public Tensor Grouped<TKey>(Func<RowId, TKey> by, Func<RowSet, TKey, Tensor> make)
    {
        ArgumentNullException.ThrowIfNull(make);
        var groups = _ids.GroupBy(by).ToArray();
        if (groups.Length == 1)
        {
            return make(this, groups[0].Key);
        }

        var order = new RowSet([.. groups.SelectMany(g => g)]);
        return order.Take(cat([.. groups.Select(g => make(new([.. g]), g.Key))], 0), this);
    }

    /// <summary>[rows, fold, ...] of a tensor whose dimension 0 is rows × fold: a view. Itself where there is no fold, or one row is shared by all.</summary>
    internal Tensor Unfold(Tensor x) => x.size(0) <= Count || x.size(0) % Count != 0 ? x : x.unflatten(0, [Count, x.size(0) / Count]);

    /// <summary>These rows of two parts that were computed apart, in their order.</summary>
    /// <param name="first">Positions of the rows of <paramref name="a"/>.</param>
    /// <param name="a">One part.</param>
    /// <param name="second">Positions of the rows of <paramref name="b"/>: all others.</param>
    /// <param name="b">The other part.</param>
    internal Value Merge(int[] first, Value a, int[] second, Value b)
    {
        var order = At([.. first, .. second]);
        return order.Take(Value.Concat([a, b]), [.. _ids.Select(order.IndexOf)]);
    }

    /// <summary>Positions of all rows but some, which ascend: those that <see cref="Positions"/> left out.</summary>
    internal int[] Except(int[] positions)
    {
        var (others, next) = (new int[Count - positions.Length], 0);
        for (var i = 0; i < Count; i++)
        {
            if (i - next < positions.Length && positions[i - next] == i)
            {
                continue;
            }

            others[next++] = i;
        }

        return others;
    }

    /// <inheritdoc/>
    public bool Equals(RowSet? other) =>
        ReferenceEquals(this, other) || (other is not null && _hash == other._hash && _ids.AsSpan().SequenceEqual(other._ids));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as RowSet);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;

    /// <inheritdoc/>
    public override string ToString() => string.Join(' ', _ids);

    /// <inheritdoc/>
    public IEnumerator<RowId> GetEnumerator() => ((IEnumerable<RowId>)_ids).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _ids.GetEnumerator();

    /// <summary>Some entries of dimension 0. An image whose channels lie side by side stays one: its convolutions are faster, and the operator alone would turn it.</summary>
    private static Tensor Picked(Tensor x, Tensor at)
    {
        if (x.ndim != 4 || x.is_contiguous())
        {
            return x.index_select(0, at);
        }

        using var pixels = x.permute(0, 2, 3, 1);
        if (!pixels.is_contiguous())
        {
            return x.index_select(0, at);
        }

        using var picked = pixels.index_select(0, at);
        return picked.permute(0, 3, 1, 2);
    }

    private static bool IsAll(ReadOnlySpan<int> positions) => positions.Length == 0 || (positions[0] == 0 && IsRange(positions));

    private static bool IsRange(ReadOnlySpan<int> positions)
    {
        for (var i = 1; i < positions.Length; i++)
        {
            if (positions[i] != positions[0] + i)
            {
                return false;
            }
        }

        return true;
    }
}
