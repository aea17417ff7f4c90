using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Core;

public sealed class RunStoreTests : CoreTest
{
    private static readonly StoreKey Key = new("x", 3);
    private static readonly RowId[] Ids = [new(0, 0), new(1, 0), new(0, 1), new(1, 1)];
    private readonly RunStore _store = new();

    protected override void Release()
    {
        _store.Dispose();
        base.Release();
    }

    private static RowSet Some(params int[] ids) => new([.. ids.Select(i => Ids[i])]);

    private static Tensor Of(params float[] values) => tensor(values);

    private float[] Get(RowSet rows, int age = 0) => _store.Get(Key, rows, age).Value.data<float>().ToArray();

    [Fact]
    public void TheSameBatchComesBackAsAnAlias()
    {
        var x = Of(1, 2);
        _store.Push(Key, Some(0, 1), x, at: 0.5);
        var got = _store.Get(Key, Some(0, 1));
        Assert.Equal(0.5, got.Shared);
        got.Value.fill_(9);
        Assert.Equal([9, 9], x.data<float>().ToArray());
    }

    [Fact]
    public void RowsAreGatheredInAnyOrderAndAcrossBatches()
    {
        _store.Push(Key, Some(0, 1, 2), Of(10, 11, 12), at: 1);
        _store.Push(Key, Some(3, 1), Of(23, 21), at: 2);
        Assert.Equal([21, 10, 23, 12], Get(Some(1, 0, 3, 2)));
        Assert.Equal([12, 10], Get(Some(2, 0)));
        var got = _store.Get(Key, Some(1, 0));
        Assert.Equal([2, 1], got.At);
        Assert.Null(got.Shared);
    }

    [Fact]
    public void FoldedRowsStayTogether()
    {
        _store.Push(Key, Some(0, 1), Of(0, 1, 10, 11));
        _store.Push(Key, Some(2), Of(20, 21));
        Assert.Equal([20, 21, 10, 11], Get(Some(2, 1)));
    }

    [Fact]
    public void EachRowKeepsItsOwnDepth()
    {
        _store.Push(Key, Some(0, 1), Of(1, 2), keep: 2);
        _store.Push(Key, Some(0), Of(3), keep: 2);
        _store.Push(Key, Some(0), Of(5), keep: 2);
        Assert.Equal((2, 1, 0), (_store.Depth(Key, Ids[0]), _store.Depth(Key, Ids[1]), _store.Depth(Key, Ids[2])));
        Assert.Equal([5, 2], Get(Some(0, 1)));
        Assert.Equal([3], Get(Some(0), age: 1));
        Assert.Equal(3, _store.Tensors);
        // The first batch goes with its last row.
        _store.Push(Key, Some(1), Of(7), keep: 1);
        Assert.Equal(3, _store.Tensors);
        Assert.Equal([7], Get(Some(1)));
    }

    [Fact]
    public void KeepOneReleasesWhatIsSuperseded()
    {
        var before = Tensor.TotalCount;
        for (var i = 0; i < 5; i++)
        {
            using var x = Of(i, i);
            _store.Push(Key, Some(0, 1), x);
        }

        Assert.Equal((1, 8, 1), (_store.Tensors, _store.Bytes, Tensor.TotalCount - before));
    }

    [Fact]
    public void WhatIsNotThereIsNamed()
    {
        Assert.Contains("x", Assert.Throws<KeyNotFoundException>(() => _store.Get(Key, Some(0))).Message, StringComparison.Ordinal);
        _store.Push(Key, Some(0), Of(1));
        Assert.Contains("1/cond", Assert.Throws<KeyNotFoundException>(() => _store.Get(Key, Some(1))).Message, StringComparison.Ordinal);
        Assert.Contains("0/cond", Assert.Throws<KeyNotFoundException>(() => _store.Get(Key, Some(0), age: 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void KeysOfOtherSitesAndCallsAreApart()
    {
        _store.Push(Key, Some(0), Of(1));
        Assert.Equal(0, _store.Depth(Key with { Call = 1 }, Ids[0]));
        Assert.Equal(0, _store.Depth(Key with { Site = 4 }, Ids[0]));
    }

    [Fact]
    public void AValueMustHaveItsRows() =>
        Assert.Contains("2 rows", Assert.Throws<ArgumentException>(() => _store.Push(Key, Some(0, 1), Of(1, 2, 3))).Message, StringComparison.Ordinal);

    [Fact]
    public void ACloneIsIndependent()
    {
        _store.Push(Key, Some(0, 1), Of(1, 2));
        _store.SetScalar(Key, Ids[0], 5);
        using (var copy = _store.Clone())
        {
            copy.Push(Key, Some(0), Of(9));
            copy.SetScalar(Key, Ids[0], 6);
            _store.Push(Key, Some(1), Of(8));
            Assert.Equal([9, 2], copy.Get(Key, Some(0, 1)).Value.data<float>().ToArray());
        }

        Assert.Equal([1, 8], Get(Some(0, 1)));
        Assert.Equal(5, _store.Scalar(Key, Ids[0]));
    }

    [Fact]
    public void ACloneOutlivesItsOrigin()
    {
        using var x = Of(1, 2);
        _store.Push(Key, Some(0, 1), x);
        using var copy = _store.Clone();
        _store.Dispose();
        Assert.Equal([1, 2], copy.Get(Key, Some(0, 1)).Value.data<float>().ToArray());
    }

    [Fact]
    public void RollingBackRestoresTensorsAndNumbers()
    {
        _store.Push(Key, Some(0, 1), Of(1, 2));
        _store.SetScalar(Key, Ids[0], 5);
        using var earlier = _store.Clone();
        _store.Push(Key, Some(0, 1), Of(3, 4));
        _store.SetScalar(Key, Ids[0], 6);
        _store.SetScalar(Key, Ids[1], 7);
        _store.RollBackTo(earlier);
        Assert.Equal([1, 2], Get(Some(0, 1)));
        Assert.Equal((5, null), (_store.Scalar(Key, Ids[0]), _store.Scalar(Key, Ids[1])));
        Assert.Equal(0, earlier.Tensors);
    }

    [Fact]
    public void EvictionTakesTheOldestFirstWhateverTheKey()
    {
        var other = Key with { Site = 9 };
        _store.Push(Key, Some(0), Of(1, 1), keep: 2);
        _store.Push(other, Some(0), Of(2, 2));
        _store.Push(Key, Some(0), Of(3, 3), keep: 2);
        Assert.Equal(24, _store.Bytes);
        // With the older entry goes the newer: half a history would be another forecast.
        Assert.Equal(16, _store.Evict(23));
        Assert.Equal((0, 1), (_store.Depth(Key, Ids[0]), _store.Depth(other, Ids[0])));
        Assert.Equal(0, _store.Evict(8));
        Assert.Equal(8, _store.Evict(0));
        Assert.Equal((0, 0), (_store.Tensors, _store.Bytes));
    }

    [Fact]
    public void AHistoryThatWasGivenBackCountsOnlyWhenItIsWholeAgain()
    {
        _store.Push(Key, Some(0), Of(1), keep: 3);
        _store.Push(Key, Some(0), Of(2), keep: 3);
        _store.Push(Key, Some(1), Of(3), keep: 3);
        _store.Evict(4);
        Assert.Equal((0, 1), (_store.Depth(Key, Ids[0]), _store.Depth(Key, Ids[1])));
        int[] depths = [.. Enumerable.Range(0, 4).Select(i =>
        {
            _store.Push(Key, Some(0), Of(i), keep: 3);
            return _store.Depth(Key, Ids[0]);
        })];
        Assert.Equal([0, 0, 3, 3], depths);
        Assert.Equal(1, _store.Depth(Key, Ids[1]));
        _store.Evict(0);
        using var copy = _store.Clone();
        copy.Push(Key, Some(1), Of(9), keep: 3);
        Assert.Equal(0, copy.Depth(Key, Ids[1]));
        copy.Clear();
        copy.Push(Key, Some(1), Of(9), keep: 3);
        Assert.Equal(1, copy.Depth(Key, Ids[1]));
    }

    [Fact]
    public void NumbersOfManyRowsAreRememberedAtOnce()
    {
        _store.SetScalar(Key, Ids[0], 1);
        _store.SetScalars(Key, Some(1, 2), 5);
        Assert.Equal((1.0, 5.0, 5.0, null), (_store.Scalar(Key, Ids[0]), _store.Scalar(Key, Ids[1]), _store.Scalar(Key, Ids[2]), _store.Scalar(Key, Ids[3])));
        Assert.Equal(3, _store.Scalars(Key)!.Count);
        Assert.Null(_store.Scalars(new("y")));
        using var copy = _store.Clone();
        _store.SetScalars(Key, Some(0), 9);
        Assert.Equal(1, copy.Scalar(Key, Ids[0]));
    }

    [Fact]
    public void ADepthThatRowsShareIsToldAtOnce()
    {
        Assert.Equal(0, _store.CommonDepth(Key, Some(0, 1)));
        _store.Push(Key, Some(0, 1), Of(1, 2), keep: 3);
        _store.Push(Key, Some(0, 1), Of(3, 4), keep: 3);
        Assert.Equal(2, _store.CommonDepth(Key, Some(0, 1)));
        Assert.Equal(2, _store.CommonDepth(Key, Some(1)));
        _store.Push(Key, Some(1), Of(5), keep: 3);
        Assert.Null(_store.CommonDepth(Key, Some(0, 1)));
        Assert.Equal([3, 5], Get(Some(0, 1)));
        Assert.Equal([1, 4], Get(Some(0, 1), age: 1));
    }

    [Fact]
    public void RowsCanBeForgotten()
    {
        _store.Push(Key, Some(0, 1), Of(1, 2), keep: 2);
        _store.Push(Key, Some(0), Of(3), keep: 2);
        _store.Forget(Key, Some(0));
        Assert.Equal((0, 1, 1), (_store.Depth(Key, Ids[0]), _store.Depth(Key, Ids[1]), _store.Tensors));
        _store.Forget(Key, Some(1));
        Assert.Equal((0, 0L), (_store.Tensors, _store.Bytes));
        _store.Forget(new("unknown"), Some(1));
    }

    [Fact]
    public void ClearingForgetsEverything()
    {
        _store.Push(Key, Some(0), Of(1));
        _store.SetScalar(Key, Ids[0], 5);
        _store.Clear();
        Assert.Equal((0, 0), (_store.Tensors, _store.Bytes));
        Assert.Equal(0, _store.Depth(Key, Ids[0]));
        Assert.Null(_store.Scalar(Key, Ids[0]));
    }

    [Fact]
    public void ABroadcastViewIsKeptAsMemoryOfItsOwn()
    {
        var one = Of(4);
        _store.Push(Key, Some(0, 1), one.expand(2));
        one.fill_(9);
        Assert.Equal(8, _store.Bytes);
        Assert.Equal([4, 4], Get(Some(0, 1)));
    }

    [Fact]
    public void APartOfALargerTensorIsKeptWithoutTheRest()
    {
        var whole = Of(1, 2, 3, 4);
        _store.Push(Key, Some(0, 1), whole.narrow(0, 2, 2));
        whole.fill_(9);
        Assert.Equal(8, _store.Bytes);
        Assert.Equal([3, 4], Get(Some(0, 1)));
    }

    [Theory]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Int64)]
    public void AWholeTensorIsSharedWhateverItsType(ScalarType type)
    {
        var whole = zeros(2, 3, type);
        _store.Push(Key, Some(0, 1), whole.view(2, 3, 1));
        whole.fill_(1);
        Assert.Equal(6 * whole.element_size(), _store.Bytes);
        Assert.All(_store.Get(Key, Some(0, 1)).Value.Floats(), v => Assert.Equal(1, v));
    }

    [Fact]
    public void TheStoreOutlivesTheScopeItWasFilledIn()
    {
        using (NewDisposeScope())
        {
            _store.Push(Key, Some(0), Of(6));
        }

        Assert.Equal([6], Get(Some(0)));
    }
}
