using static TorchSharp.torch;

namespace Acceleration.Tests.Operators;

public sealed class CountedMultiplyAddsTests
{
    [Fact]
    public void OperatorsOfThisThreadAreCounted()
    {
        using var scope = NewDisposeScope();
        var (x, weight) = (ones(2, 5, 3), ones(7, 3));
        var heads = ones(2, 4, 6, 8);
        MatrixProduct.Compute(x, weight);
        using var counted = new CountedMultiplyAdds();
        MatrixProduct.Compute(x, weight);
        Assert.Equal(2 * 5 * 3 * 7, counted.Total);
        LinearGelu.Compute(x, weight);
        Assert.Equal(2 * 2 * 5 * 3 * 7, counted.Total);
        using (var inner = new CountedMultiplyAdds())
        {
            DenseAttention.Compute(heads, heads.narrow(2, 0, 5), heads.narrow(2, 0, 5));
            Assert.Equal(2 * 2 * 4 * 6 * 5 * 8, inner.Total);
        }

        Assert.Equal(2 * 2 * 5 * 3 * 7, counted.Total);
        CountedMultiplyAdds.Current!.Add(10);
        Assert.Equal((2 * 2 * 5 * 3 * 7) + 10, counted.Total);

        Exception? elsewhere = null;
        var thread = new Thread(() => elsewhere = Record.Exception(() => Assert.Null(CountedMultiplyAdds.Current)));
        thread.Start();
        thread.Join();
        Assert.Null(elsewhere);
    }

    [Fact]
    public void NothingCountsOnceItIsDisposed()
    {
        var counted = new CountedMultiplyAdds();
        counted.Dispose();
        Assert.Null(CountedMultiplyAdds.Current);
        using var x = ones(2, 3);
        MatrixProduct.Compute(x, x).Dispose();
        Assert.Equal(0, counted.Total);
    }
}
