using static TorchSharp.torch;

namespace Acceleration;

/// <summary>
/// Everything one run remembers, by (name, site, call within the step, row). Tensors are kept as the batches they came in, so that a batch whose rows
/// stay together costs no copy: remembered rows are gathered only where the asked batch differs. Released on any exit; never waits for
/// finalizers.
/// </summary>
public sealed partial class RunStore : IDisposable
{
    private readonly CacheLedger? _ledger;
    private Dictionary<StoreKey, RowLog> _logs = [];
    private Dictionary<StoreKey, Dictionary<RowId, double>> _scalars = [];

    /// <summary>A store of its own, without a budget.</summary>
    public RunStore()
    {
    }

    internal RunStore(CacheLedger ledger) => _ledger = ledger;

    /// <summary>Bytes kept alive by remembered tensors; memory that two of them share counts for each.</summary>
    public long Bytes => _logs.Values.Sum(l => l.Bytes);

    /// <summary>Remembered tensors.</summary>
    public int Tensors => _logs.Values.Sum(l => l.Tensors);

    /// <summary>
    /// Remembers one tensor for each of <paramref name="rows"/> as their newest entry. Where a budget has no room for it, these rows have no entry afterwards: nothing older stands in for it.
    /// </summary>
    /// <param name="key">What it is.</param>
    /// <param name="rows">Rows along dimension 0 of <paramref name="value"/>.</param>
    /// <param name="value">Dimension 0 is rows, or rows × fold. Kept by reference, or copied where it is a part of a larger tensor: it must not be changed afterwards.</param>
    /// <param name="at">Abscissa of the entry (step index, time), for forecasts.</param>
    /// <param name="keep">How many entries each row keeps; older ones are dropped.</param>
    /// <exception cref="ArgumentException">Dimension 0 does not hold these rows.</exception>
    public void Push(StoreKey key, RowSet rows, Tensor value, double at = 0, int keep = 1)
    {
        if (IsUnbounded)
        {
            PushUnbounded(key, rows, value, null, at, keep);
            return;
        }

        PushBounded(key, LogOf(key), rows, value, at, keep);
    }

    /// <summary>
    /// Remembers value − less, as <see cref="Push(StoreKey, RowSet, Tensor, double, int)"/> does. Of tensors of a middling size, and where no budget counts every byte, both are kept until the difference is asked for, and it is formed then.
    /// </summary>
    internal void PushDifference(StoreKey key, RowSet rows, Tensor value, Tensor less, double at = 0, int keep = 1)
    {
        if (IsUnbounded)
        {
            PushUnbounded(key, rows, value, less, at, keep);
            return;
        }

        using var formed = value - less;
        PushBounded(key, LogOf(key), rows, formed, at, keep);
    }

    /// <summary>
    /// Remembers what a method itself lives on, rather than what spares work: it is counted, but never given back for a budget. Each row keeps its newest entry alone.
    /// </summary>
    /// <inheritdoc cref="Push"/>
    public void PushEssential(StoreKey key, RowSet rows, Tensor value, double at = 0)
    {
        var log = LogOf(key);
        var before = log.Bytes;
        log.Supersede(rows, value, keep: 1);
        log.Add(rows, new SharedTensor(value), at, RowBatch.Always);
        _ledger?.Count(log.Bytes - before);
    }

    /// <summary>
    /// Remembers what follows from entries that are there already: for those of <paramref name="rows"/> that have all of <paramref name="from"/>, what is made of them. The others forget it, because what they have does not follow
    /// from their newest entry. To be called before the new entry is pushed.
    /// </summary>
    /// <param name="key">What is remembered.</param>
    /// <param name="rows">The rows in question.</param>
    /// <param name="from">What it follows from.</param>
    /// <param name="make">Makes it for some of the rows, dimension 0 rows × fold: not asked where there are none.</param>
    /// <param name="keep">How many entries each row keeps.</param>
    /// <returns>The rows for which it was made.</returns>
    public RowSet Follow(StoreKey key, RowSet rows, ReadOnlySpan<StoreKey> from, Func<RowSet, Tensor> make, int keep = 1)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(make);
        var positions = rows.Positions(_ => true);
        foreach (var source in from)
        {
            positions = Array.FindAll(positions, i => Depth(source, rows[i]) > 0);
        }

        var known = rows.At(positions);
        if (known.Count < rows.Count)
        {
            Forget(key, rows.At(rows.Except(positions)));
        }

        if (known.Count > 0)
        {
            Push(key, known, make(known), keep: keep);
        }

        return known;
    }

    /// <summary>
    /// How many entries of a row can be used: all it has, and none from when some were given back for a budget until it has as many as it would have without one. What was asked for stays to the end of the
    /// step, so that a decision can rest on it.
    /// </summary>
    public int Depth(StoreKey key, RowId row)
    {
        if (!_logs.TryGetValue(key, out var log))
        {
            return 0;
        }

        var depth = log.Depth(row);
        if (_owes && Scalar(OwedBy(key), row) > depth)
        {
            return 0;
        }

        if (depth > 0 && _ledger is { IsBounded: true })
        {
            log.Use(row, _ledger.Now);
        }

        return depth;
    }

    /// <summary>How many entries each of some rows has, as <see cref="Depth"/> tells; null where they differ.</summary>
    internal int? CommonDepth(StoreKey key, RowSet rows)
    {
        if (IsUnbounded && _logs.TryGetValue(key, out var log) && log.HoldsOnly(rows))
        {
            return log.Batches.Count;
        }

        var first = Depth(key, rows[0]);
        for (var i = 1; i < rows.Count; i++)
        {
            if (Depth(key, rows[i]) != first)
            {
                return null;
            }
        }

        return first;
    }

    /// <summary>
    /// The entries of <paramref name="rows"/>, newest (age 0) first: an alias where they lie together, gathered otherwise. It belongs to the
    /// caller's dispose scope.
    /// </summary>
    /// <exception cref="KeyNotFoundException">A row has no such entry: ask <see cref="Depth"/> first.</exception>
    public Remembered Get(StoreKey key, RowSet rows, int age = 0)
    {
        if (!_logs.TryGetValue(key, out var log))
        {
            throw new KeyNotFoundException($"Nothing is remembered under {key}.");
        }

        var found = log.Get(rows, age);
        var before = log.Bytes;
        log.Recount();
        _ledger?.Count(log.Bytes - before);
        return found;
    }

    /// <summary>A remembered number of a row, or null.</summary>
    public double? Scalar(StoreKey key, RowId row) => _scalars.TryGetValue(key, out var rows) && rows.TryGetValue(row, out var value) ? value : null;

    /// <summary>Remembers a number for a row. Numbers are no part of a budget.</summary>
    public void SetScalar(StoreKey key, RowId row, double value) => NumbersOf(key)[row] = value;

    /// <summary>The numbers remembered under a key, row by row, or null: one look-up where many rows are asked for. To be read at once: it is not what is remembered after the next change.</summary>
    internal IReadOnlyDictionary<RowId, double>? Scalars(StoreKey key) => _scalars.GetValueOrDefault(key);

    /// <summary>Remembers one number for each of some rows.</summary>
    internal void SetScalars(StoreKey key, RowSet rows, double value)
    {
        var numbers = NumbersOf(key);
        for (var i = 0; i < rows.Count; i++)
        {
            numbers[rows[i]] = value;
        }
    }

    /// <summary>Forgets all entries of some rows: what no longer follows from what was computed last.</summary>
    public void Forget(StoreKey key, RowSet rows)
    {
        if (_logs.TryGetValue(key, out var log))
        {
            var before = log.Bytes;
            log.Forget(rows);
            _ledger?.Count(log.Bytes - before);
        }
    }

    /// <summary>Forgets everything: a new stage, or a change of shape, device or dtype.</summary>
    public void Clear()
    {
        _ledger?.Count(-Bytes);
        foreach (var log in _logs.Values)
        {
            log.Dispose();
        }

        _logs.Clear();
        _scalars.Clear();
        _owes = false;
    }

    /// <summary>An independent store with the same content; tensors are shared, not copied.</summary>
    public RunStore Clone() => new()
    {
        _logs = _logs.ToDictionary(l => l.Key, l => l.Value.Clone()),
        _scalars = _scalars.ToDictionary(n => n.Key, n => new Dictionary<RowId, double>(n.Value)),
        _owes = _owes,
    };

    /// <summary>Takes back everything since <paramref name="earlier"/> was cloned from this store; <paramref name="earlier"/> is emptied.</summary>
    internal void RollBackTo(RunStore earlier)
    {
        Clear();
        (_logs, earlier._logs) = (earlier._logs, _logs);
        (_scalars, earlier._scalars) = (earlier._scalars, _scalars);
        (_owes, earlier._owes) = (earlier._owes, false);
        _ledger?.Count(Bytes);
    }

    /// <summary>Writes everything to a safetensors file, by way of a temporary one.</summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    public void Save(string path) => StoreFile.Write(path, this);

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <param name="device">Where the tensors go; null for the CPU.</param>
    /// <exception cref="CheckpointException">The file is missing, malformed, or no saved store; nothing stays alive.</exception>
    public static RunStore Load(string path, Device? device = null)
    {
        var store = new RunStore();
        try
        {
            StoreFile.Read(path, device, store);
            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Clear();

    internal IEnumerable<(StoreKey Key, RowBatch Batch)> Batches => _logs.SelectMany(l => l.Value.Batches.Select(b => (l.Key, b)));

    internal IEnumerable<(StoreKey Key, RowId Row, double Value)> Numbers => _scalars.SelectMany(s => s.Value.Select(n => (s.Key, n.Key, n.Value)));

    private bool IsUnbounded => !_owes && _ledger is not { IsBounded: true };

    private RowLog LogOf(StoreKey key)
    {
        if (!_logs.TryGetValue(key, out var log))
        {
            _logs[key] = log = new();
        }

        return log;
    }

    private void PushUnbounded(StoreKey key, RowSet rows, Tensor value, Tensor? less, double at, int keep)
    {
        var log = LogOf(key);
        var before = log.Bytes;
        log.Supersede(rows, value, keep);
        log.Add(rows, less is null ? new SharedTensor(value) : SharedTensor.Difference(value, less), at, _ledger?.Now ?? 0);
        _ledger?.Count(log.Bytes - before);
    }

    private Dictionary<RowId, double> NumbersOf(StoreKey key)
    {
        if (!_scalars.TryGetValue(key, out var rows))
        {
            _scalars[key] = rows = [];
            _owes |= key.Name.EndsWith(Owed, StringComparison.Ordinal);
        }

        return rows;
    }

    internal void Restore(StoreKey key, RowSet rows, IReadOnlySet<RowId> live, Tensor value, double at, long used)
    {
        var log = LogOf(key);
        var before = log.Bytes;
        log.Restore(rows, live, value, at, used);
        _ledger?.Count(log.Bytes - before);
    }
}
