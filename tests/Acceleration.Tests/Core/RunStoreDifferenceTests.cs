using static TorchSharp.torch;

namespace Acceleration.Tests.Core;

/// <summary>Differences that wait to be formed.</summary>
public sealed class RunStoreDifferenceTests : IDisposable, ICountsLiveTensors
{
    private const long Bytes = 2 * 512 * 512 * 4;
    private static readonly StoreKey Key = new("residual");
    private static readonly RowSet Rows = RowSet.Of(2, Branch.Conditional);
    private readonly long _alive = LiveTensors.Count();

    public void Dispose() => LiveTensors.RequireNoneLeft(_alive, Tensor.TotalCount);

    [Fact]
    public void ADifferenceIsFormedWhenItIsAskedFor()
    {
        using var scope = NewDisposeScope();
        var (a, b) = (randn(2, 512, 512), randn(2, 512, 512));
        using var store = new RunStore();
        store.PushDifference(Key, Rows, a, b, at: 3);
        Assert.Equal(2 * Bytes, store.Bytes);

        var found = store.Get(Key, Rows);
        Assert.True(found.Value.Equals(a - b));
        Assert.Equal(3, found.Shared);
        Assert.Equal(Bytes, store.Bytes);
        Assert.True(store.Get(Key, Rows.At([1])).Value.Equals((a - b)[1..]));
    }

    [Fact]
    public void ClonesAndOlderEntriesFormTheirOwn()
    {
        using var scope = NewDisposeScope();
        var (a, b, c) = (randn(2, 512, 512), randn(2, 512, 512), randn(2, 512, 512));
        using var store = new RunStore();
        store.PushDifference(Key, Rows, a, b, keep: 2);
        using var clone = store.Clone();
        store.PushDifference(Key, Rows, b, c, keep: 2);
        Assert.Equal(4 * Bytes, store.Bytes);
        Assert.True(store.Get(Key, Rows, age: 1).Value.Equals(a - b));
        Assert.Equal(3 * Bytes, store.Bytes);
        store.Clear();
        Assert.Equal(0, store.Bytes);

        Assert.True(clone.Get(Key, Rows).Value.Equals(a - b));
        Assert.Equal(Bytes, clone.Bytes);
    }

    [Fact]
    public void WhatIsSmallOrAPartOfALargerBatchIsFormedAtOnce()
    {
        using var scope = NewDisposeScope();
        var (small, large) = (randn(2, 16), randn(4, 512, 512));
        using var store = new RunStore();
        store.PushDifference(Key, Rows, small, small);
        Assert.Equal(2 * 16 * 4, store.Bytes);
        store.PushDifference(Key, Rows, large[..2], large[2..]);
        Assert.Equal(Bytes, store.Bytes);
        Assert.True(store.Get(Key, Rows).Value.Equals(large[..2] - large[2..]));
    }

    [Fact]
    public void ABudgetCountsOneTensor()
    {
        using var scope = NewDisposeScope();
        var (a, b) = (randn(2, 512, 512), randn(2, 512, 512));
        var ledger = new CacheLedger(Bytes);
        using var store = ledger.Open();
        store.PushDifference(Key, Rows, a, b);
        Assert.Equal(Bytes, ledger.Held);
        Assert.True(store.Get(Key, Rows).Value.Equals(a - b));
    }

    [Fact]
    public void TheLedgerFollowsWhatIsFormed()
    {
        using var scope = NewDisposeScope();
        var (a, b) = (randn(2, 512, 512), randn(2, 512, 512));
        var ledger = new CacheLedger(null);
        using var store = ledger.Open();
        store.PushDifference(Key, Rows, a, b);
        Assert.Equal(2 * Bytes, ledger.Held);
        store.Get(Key, Rows);
        Assert.Equal(Bytes, ledger.Held);
        store.Clear();
        Assert.Equal(0, ledger.Held);
    }
}
