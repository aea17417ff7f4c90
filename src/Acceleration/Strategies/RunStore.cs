using static TorchSharp.torch;

namespace Acceleration;

/// <summary>
/// Everything one run remembers, by (name, site, call within the step, row). Tensors are kept as the batches they came in, so that a batch whose rows
/// stay together costs no copy: remembered rows are gathered only where the asked batch differs. Released on any exit; never waits for
/// finalizers.
/// </summary>
public sealed class RunStore : IDisposable
{
    private Dictionary<StoreKey, RowLog> _logs = [];
    private Dictionary<(StoreKey Key, RowId Row), double> _scalars = [];

    /// <summary>Bytes held by remembered tensors.</summary>
    public long Bytes => _logs.Values.Sum(l => l.Bytes);

    /// <summary>Remembered tensors.</summary>
    public int Tensors => _logs.Values.Sum(l => l.Tensors);

    /// <summary>Remembers one tensor for each of <paramref name="rows"/> as their newest entry.</summary>
    /// <param name="key">What it is.</param>
    /// <param name="rows">Rows along dimension 0 of <paramref name="value"/>.</param>
    /// <param name="value">Dimension 0 is rows, or rows × fold. Kept by reference: it must not be changed afterwards.</param>
    /// <param name="at">Abscissa of the entry (step index, time), for forecasts.</param>
    /// <param name="keep">How many entries each row keeps; older ones are dropped.</param>
    /// <exception cref="ArgumentException">Dimension 0 does not hold these rows.</exception>
    public void Push(StoreKey key, RowSet rows, Tensor value, double at = 0, int keep = 1)
    {
        if (!_logs.TryGetValue(key, out var log))
        {
            _logs[key] = log = new();
        }

        log.Push(rows, value, at, keep);
    }

    /// <summary>How many entries a row has.</summary>
    public int Depth(StoreKey key, RowId row) => _logs.TryGetValue(key, out var log) ? log.Depth(row) : 0;

    /// <summary>
    /// The entries of <paramref name="rows"/>, newest (age 0) first: an alias where they lie together, gathered otherwise. It belongs to the
    /// caller's dispose scope.
    /// </summary>
    /// <exception cref="KeyNotFoundException">A row has no such entry: ask <see cref="Depth"/> first.</exception>
    public Remembered Get(StoreKey key, RowSet rows, int age = 0) =>
        _logs.TryGetValue(key, out var log)
            ? log.Get(rows, age)
            : throw new KeyNotFoundException($"Nothing is remembered under {key}.");

    /// <summary>A remembered number of a row, or null.</summary>
    public double? Scalar(StoreKey key, RowId row) => _scalars.TryGetValue((key, row), out var value) ? value : null;

    /// <summary>Remembers a number for a row.</summary>
    public void SetScalar(StoreKey key, RowId row, double value) => _scalars[(key, row)] = value;

    /// <summary>Forgets everything: a new stage, or a change of shape, device or dtype.</summary>
    public void Clear()
    {
        foreach (var log in _logs.Values)
        {
            log.Dispose();
        }

        _logs.Clear();
        _scalars.Clear();
    }

    /// <summary>An independent store with the same content; tensors are shared, not copied.</summary>
    public RunStore Clone() => new()
    {
        _logs = _logs.ToDictionary(l => l.Key, l => l.Value.Clone()),
        _scalars = new(_scalars),
    };

    /// <summary>Takes back everything since <paramref name="earlier"/> was cloned from this store; <paramref name="earlier"/> is emptied.</summary>
    internal void RollBackTo(RunStore earlier)
    {
        Clear();
        (_logs, earlier._logs) = (earlier._logs, _logs);
        (_scalars, earlier._scalars) = (earlier._scalars, _scalars);
    }

    /// <summary>Gives back the oldest tensors until at most <paramref name="budget"/> bytes are held. Their rows will be computed again.</summary>
    /// <returns>Bytes given back.</returns>
    public long Evict(long budget)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(budget);
        var before = Bytes;
        while (Bytes > budget && _logs.Values.Where(l => l.Tensors > 0).MinBy(l => l.Oldest) is { } log)
        {
            log.DropOldest();
        }

        return before - Bytes;
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

    internal IEnumerable<(StoreKey Key, RowId Row, double Value)> Numbers => _scalars.Select(s => (s.Key.Key, s.Key.Row, s.Value));

    internal void Restore(StoreKey key, RowSet rows, IReadOnlySet<RowId> live, Tensor value, double at)
    {
        if (!_logs.TryGetValue(key, out var log))
        {
            _logs[key] = log = new();
        }

        log.Restore(rows, live, value, at);
    }
}
