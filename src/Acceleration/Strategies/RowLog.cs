using static TorchSharp.torch;

namespace Acceleration;

/// <summary>
/// The entries of one store key, newest last, each a batch with its rows. A row may appear in several batches: the newest is age 0. A
/// batch is dropped once every row of it has been superseded.
/// </summary>
internal sealed class RowLog : IDisposable
{
    private readonly List<RowBatch> _batches = [];

    /// <summary>The batches, oldest first.</summary>
    public IReadOnlyList<RowBatch> Batches => _batches;

    public long Bytes { get; private set; }

    public int Tensors => _batches.Count;

    /// <summary>Forgets what a new entry of <paramref name="rows"/> supersedes.</summary>
    /// <exception cref="ArgumentException">The value does not hold these rows.</exception>
    public void Supersede(RowSet rows, Tensor value, int keep)
    {
        if (value.ndim == 0 || value.size(0) % rows.Count != 0)
        {
            throw new ArgumentException($"What is remembered for {rows.Count} rows has a multiple of them along dimension 0; its shape is [{string.Join(", ", value.shape)}].", nameof(value));
        }

        if (HoldsOnly(rows))
        {
            DropOldest(_batches.Count - keep + 1);
            return;
        }

        for (var b = _batches.Count - 1; b >= 0; b--)
        {
            var batch = _batches[b];
            foreach (var row in rows)
            {
                // The new entry makes one more than `keep` of those this row already has from this batch on.
                if (batch.Holds(row) && DepthFrom(b, row) >= keep)
                {
                    batch.Forget(row);
                }
            }
        }

        ReleaseEmpty();
    }

    public void Add(RowSet rows, SharedTensor memory, double at, long now) => Add(new RowBatch(rows, memory, at) { Used = now });

    /// <summary>Forgets all entries of some rows.</summary>
    public void Forget(IEnumerable<RowId> rows)
    {
        foreach (var row in rows)
        {
            foreach (var batch in _batches)
            {
                batch.Forget(row);
            }
        }

        ReleaseEmpty();
    }

    /// <summary>Notes that the entries of a row are in use.</summary>
    public void Use(RowId row, long now)
    {
        foreach (var batch in _batches)
        {
            if (batch.Holds(row))
            {
                batch.Used = now;
            }
        }
    }

    /// <summary>Adds a batch as it was when it was saved: some of its rows may have newer entries elsewhere.</summary>
    public void Restore(RowSet rows, IReadOnlySet<RowId> live, Tensor value, double at, long used) => Add(new RowBatch(rows, new(value), at, live) { Used = used });

    public int Depth(RowId row) => DepthFrom(0, row);

    /// <summary>Whether every batch is of just these rows: what is true of one of them is then true of all.</summary>
    public bool HoldsOnly(RowSet rows) => _batches.TrueForAll(b => b.HoldsAll(rows));

    public Remembered Get(RowSet rows, int age)
    {
        if (age < _batches.Count && HoldsOnly(rows))
        {
            var batch = _batches[_batches.Count - 1 - age];
            var everywhere = new double[rows.Count];
            Array.Fill(everywhere, batch.At);
            return new(batch.Memory.Value.alias(), everywhere);
        }

        var home = new (RowBatch Batch, int Position)[rows.Count];
        for (var i = 0; i < home.Length; i++)
        {
            home[i] = Find(rows[i], age);
        }

        var at = Array.ConvertAll(home, h => h.Batch.At);
        var first = home[0].Batch;
        if (first.Rows.Equals(rows) && Array.TrueForAll(home, h => ReferenceEquals(h.Batch, first)))
        {
            return new(first.Memory.Value.alias(), at);
        }

        // One gather per run of rows from the same batch.
        var parts = new List<Tensor>();
        for (var start = 0; start < home.Length;)
        {
            var end = start;
            while (end < home.Length && ReferenceEquals(home[end].Batch, home[start].Batch))
            {
                end++;
            }

            var source = home[start].Batch;
            parts.Add(source.Rows.Take(source.Memory.Value, Array.ConvertAll(home[start..end], h => h.Position)));
            start = end;
        }

        if (parts.Count == 1)
        {
            return new(parts[0], at);
        }

        var whole = cat(parts, 0);
        parts.ForEach(p => p.Dispose());
        return new(whole, at);
    }

    /// <summary>Counts anew what a batch may have become by being asked for.</summary>
    public void Recount() => _batches.ForEach(b => Bytes += b.Recount());

    public RowLog Clone()
    {
        var copy = new RowLog();
        copy._batches.AddRange(_batches.Select(b => b.Clone()));
        copy.Bytes = Bytes;
        return copy;
    }

    public void Dispose()
    {
        _batches.ForEach(b => b.Memory.Release());
        _batches.Clear();
        Bytes = 0;
    }

    private void Add(RowBatch batch)
    {
        _batches.Add(batch);
        Bytes += batch.Bytes;
    }

    private void DropOldest(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Bytes -= _batches[i].Bytes;
            _batches[i].Memory.Release();
        }

        _batches.RemoveRange(0, Math.Max(0, count));
    }

    private void ReleaseEmpty() => _batches.RemoveAll(b =>
    {
        var empty = b.ReleaseIfEmpty();
        Bytes -= empty ? b.Bytes : 0;
        return empty;
    });

    private int DepthFrom(int batch, RowId row)
    {
        var depth = 0;
        for (var b = batch; b < _batches.Count; b++)
        {
            depth += _batches[b].Holds(row) ? 1 : 0;
        }

        return depth;
    }

    private (RowBatch, int) Find(RowId row, int age)
    {
        for (var b = _batches.Count - 1; b >= 0; b--)
        {
            if (_batches[b].Holds(row) && age-- == 0)
            {
                return (_batches[b], _batches[b].Rows.IndexOf(row));
            }
        }

        throw new KeyNotFoundException($"Row {row} has no entry of that age.");
    }
}
