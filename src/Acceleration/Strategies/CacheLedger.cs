namespace Acceleration;

/// <summary>
/// What all stores of one request hold together, and the budget they have. What was remembered or asked for in the present step stays to its end, because decisions rest on it; of the rest goes first what
/// was not asked for longest. Where nothing may go, what is new is not remembered.
/// </summary>
internal sealed class CacheLedger(long? budget)
{
    private readonly List<RunStore> _stores = [];

    public bool IsBounded => budget is not null;

    /// <summary>Counts steps.</summary>
    public long Now { get; private set; } = 1;

    /// <summary>Bytes held now.</summary>
    public long Held { get; private set; }

    /// <summary>Most bytes held in this step.</summary>
    public long Peak { get; private set; }

    /// <summary>Bytes given back, or not remembered, in this step for want of room.</summary>
    public long GivenBack { get; private set; }

    public RunStore Open()
    {
        var store = new RunStore(this);
        _stores.Add(store);
        return store;
    }

    public void BeginStep()
    {
        Now++;
        (Peak, GivenBack) = (Held, 0);

        // A roll-back within the last step may have brought back more than there is room for.
        MakeRoom(0, null);
    }

    /// <summary>Steps are counted on from where <paramref name="other"/> is.</summary>
    public void Continue(CacheLedger other) => Now = other.Now;

    /// <summary>Steps are counted on after as many were done.</summary>
    public void Continue(int done) => Now = 1 + done;

    public void Count(long change)
    {
        Held += change;
        Peak = Math.Max(Peak, Held);
    }

    public void CountGivenBack(long bytes) => GivenBack += bytes;

    /// <summary>Whether <paramref name="bytes"/> more fit, after others went where they had to.</summary>
    /// <param name="bytes">What is to come.</param>
    /// <param name="except">The log it goes into and its rows, whose entries it needs beside it.</param>
    public bool MakeRoom(long bytes, (RowLog Log, RowSet Rows)? except)
    {
        while (Held + bytes > budget)
        {
            if (bytes > budget || LeastUseful(except) is not { } least)
            {
                return false;
            }

            GivenBack += least.Store.GiveBack(least.Key, least.Batch);
        }

        return true;
    }

    private (RunStore Store, StoreKey Key, RowBatch Batch)? LeastUseful((RowLog Log, RowSet Rows)? except)
    {
        (RunStore Store, StoreKey Key, RowBatch Batch)? least = null;
        foreach (var store in _stores)
        {
            if (store.LeastUseful(Now, except) is { } candidate && !(least?.Batch.IsOlderThan(candidate.Batch) ?? false))
            {
                least = (store, candidate.Key, candidate.Batch);
            }
        }

        return least;
    }
}
