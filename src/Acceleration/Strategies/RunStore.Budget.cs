using static TorchSharp.torch;

namespace Acceleration;

/// <content>Giving back.</content>
public sealed partial class RunStore
{
    // Beside the numbers of strategies: how many entries a row would have that gave some back.
    private const string Owed = " owed";
    private bool _owes;

    /// <summary>
    /// Gives back the oldest tensors until at most <paramref name="budget"/> bytes are held, and with each all that its rows remember under the same name: a part of a history would be another forecast.
    /// Their rows will be computed again.
    /// </summary>
    /// <returns>Bytes given back.</returns>
    public long Evict(long budget)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(budget);
        var given = 0L;
        while (Bytes > budget && LeastUseful(long.MaxValue, null) is { } victim)
        {
            given += GiveBack(victim.Key, victim.Batch);
        }

        return given;
    }

    /// <summary>What would be given back first of what was not used in step <paramref name="now"/>, or null.</summary>
    internal (StoreKey Key, RowBatch Batch)? LeastUseful(long now, (RowLog Log, RowSet Rows)? except)
    {
        (StoreKey Key, RowBatch Batch)? least = null;
        foreach (var (key, log) in _logs)
        {
            foreach (var batch in log.Batches)
            {
                if (batch.Used < now && !(least?.Batch.IsOlderThan(batch) ?? false)
                    && !(except is { } e && ReferenceEquals(e.Log, log) && e.Rows.Any(batch.Holds)))
                {
                    least = (key, batch);
                }
            }
        }

        return least;
    }

    /// <summary>Forgets the rows of a batch, whole histories, and remembers what they owe.</summary>
    internal long GiveBack(StoreKey key, RowBatch batch)
    {
        var log = _logs[key];
        var before = log.Bytes;
        RowId[] rows = [.. batch.Live];
        foreach (var row in rows)
        {
            Owe(key, row, log.Depth(row));
        }

        log.Forget(rows);
        _ledger?.Count(log.Bytes - before);
        return before - log.Bytes;
    }

    private static StoreKey OwedBy(StoreKey key) => key with { Name = key.Name + Owed };

    private void Owe(StoreKey key, RowId row, int depth)
    {
        var owed = OwedBy(key);
        SetScalar(owed, row, Math.Max(depth, Scalar(owed, row) ?? 0));
    }

    private void PushBounded(StoreKey key, RowLog log, RowSet rows, Tensor value, double at, int keep)
    {
        var owed = OwedBy(key);
        foreach (var row in rows)
        {
            // As many as there would be after this push, had nothing been given back.
            SetScalar(owed, row, Math.Min(Math.Max(log.Depth(row), Scalar(owed, row) ?? 0) + 1, keep));
        }

        var before = log.Bytes;
        log.Supersede(rows, value, keep);
        _ledger?.Count(log.Bytes - before);
        var bytes = SharedTensor.BytesOf(value);
        var fits = _ledger?.MakeRoom(bytes, (log, rows)) ?? true;

        // Other rows of this log may have gone to make room.
        before = log.Bytes;
        if (fits)
        {
            log.Add(rows, new SharedTensor(value), at, _ledger?.Now ?? 0);
        }
        else
        {
            log.Forget(rows);
            _ledger!.CountGivenBack(bytes + before - log.Bytes);
        }

        _ledger?.Count(log.Bytes - before);
        foreach (var row in rows)
        {
            // With a new entry the older ones of its history are in use too.
            log.Use(row, _ledger?.Now ?? 0);
            if (log.Depth(row) >= Scalar(owed, row))
            {
                _scalars[owed].Remove(row);
            }
        }
    }
}
