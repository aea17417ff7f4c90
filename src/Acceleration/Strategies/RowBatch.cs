namespace Acceleration;

/// <summary>One remembered tensor and the rows that lie in it. A row that has been superseded is dead; the tensor goes with the last one.</summary>
internal sealed class RowBatch
{
    /// <summary>In use at any time.</summary>
    public const long Always = long.MaxValue;

    private static long _clock;

    // Null while all rows are live, as they are in most batches to their end.
    private HashSet<RowId>? _live;

    /// <param name="rows">Rows along dimension 0.</param>
    /// <param name="memory">The tensor.</param>
    /// <param name="at">Abscissa.</param>
    /// <param name="live">Rows that are not superseded; null for all.</param>
    public RowBatch(RowSet rows, SharedTensor memory, double at, IEnumerable<RowId>? live = null)
        : this(rows, memory, at, live, Interlocked.Increment(ref _clock))
    {
    }

    private RowBatch(RowSet rows, SharedTensor memory, double at, IEnumerable<RowId>? live, long stamp)
    {
        (Rows, Memory, At, Stamp, Bytes) = (rows, memory, at, stamp, memory.Bytes);
        _live = live is null ? null : [.. live];
    }

    public RowSet Rows { get; }

    public SharedTensor Memory { get; }

    /// <summary>What it counts for: <see cref="SharedTensor.Bytes"/> when that was last looked at by <see cref="Recount"/>.</summary>
    public long Bytes { get; private set; }

    public double At { get; }

    /// <summary>Ascends from older to newer over all stores: the oldest are evicted first.</summary>
    public long Stamp { get; }

    /// <summary>The step in which it was last remembered or asked for; <see cref="Always"/> for what is never given back.</summary>
    public long Used
    {
        get;
        set => field = field == Always ? Always : value;
    }

    public IReadOnlySet<RowId> Live => _live ??= [.. Rows];

    /// <summary>Whether it was not asked for as long as, or longer than, another; of two alike, whether it is the older.</summary>
    public bool IsOlderThan(RowBatch other) => Used != other.Used ? Used < other.Used : Stamp < other.Stamp;

    public bool Holds(RowId row) => _live is null ? Rows.IndexOf(row) >= 0 : _live.Contains(row);

    /// <summary>Whether it holds just these rows, in this order.</summary>
    public bool HoldsAll(RowSet rows) => (_live is null || _live.Count == Rows.Count) && Rows.Equals(rows);

    public void Forget(RowId row)
    {
        if (Holds(row))
        {
            (_live ??= [.. Rows]).Remove(row);
        }
    }

    /// <summary>Looks at its memory again.</summary>
    /// <returns>How many bytes more it counts for than before.</returns>
    public long Recount()
    {
        var before = Bytes;
        Bytes = Memory.Bytes;
        return Bytes - before;
    }

    public bool ReleaseIfEmpty()
    {
        if (_live is not { Count: 0 })
        {
            return false;
        }

        Memory.Release();
        return true;
    }

    public RowBatch Clone() => new(Rows, Memory.Share(), At, _live, Stamp) { Used = Used };
}
