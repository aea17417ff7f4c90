using static TorchSharp.torch;

namespace Acceleration.Tests.Core;

public sealed class ForTokensTests : CoreTest
{
    private readonly Evaluation _root = Evaluation.Plain(2);

    private static TokenSelection Shared(long total, params long[] kept) => new(total, tensor(kept).ToTestDevice());

    private static TokenSelection PerRow(long total, long[,] kept) => new(total, tensor(kept).ToTestDevice());

    [Fact]
    public void NothingNarrowedIsFree()
    {
        var table = Count(4, 3);
        Assert.Same(table, _root.ForTokens(table, 0));
        Assert.Same(table, _root.Narrow([0]).ForTokens(table, 0));
    }

    [Fact]
    public void SharedSelectionAlongDimensionZero() =>
        Same(tensor(new float[,] { { 3, 4, 5 }, { 9, 10, 11 } }), _root.Narrow(Shared(4, 1, 3)).ForTokens(Count(4, 3), 0));

    [Fact]
    public void SharedSelectionAlongDimensionOne() =>
        Same(tensor(new float[,] { { 1, 3 }, { 5, 7 } }), _root.Narrow(Shared(4, 1, 3)).ForTokens(Count(2, 4), 1));

    [Fact]
    public void AReducedTensorAndOneSharedByAllTokensStay()
    {
        var e = _root.Narrow(Shared(4, 1, 3));
        var (reduced, one) = (Count(2, 3), Count(1, 3));
        Assert.Same(reduced, e.ForTokens(reduced, 0));
        Assert.Same(one, e.ForTokens(one, 0));
    }

    [Fact]
    public void PerRowSelectionAddsARowDimension()
    {
        var e = _root.Narrow(PerRow(4, new long[,] { { 0, 1 }, { 2, 3 } }));
        Assert.Equal(2, e.Tokens);
        Same(tensor(new float[,,] { { { 0, 1 }, { 2, 3 } }, { { 4, 5 }, { 6, 7 } } }), e.ForTokens(Count(4, 2), 0));
    }

    [Fact]
    public void PerRowSelectionOfPerRowTensor()
    {
        var e = _root.Narrow(PerRow(4, new long[,] { { 0, 1 }, { 2, 3 } }));
        Same(tensor(new float[,] { { 0, 1 }, { 6, 7 } }), e.ForTokens(Count(2, 4), 1));
        Same(tensor(new float[,] { { 0, 1 }, { 2, 3 } }), e.ForTokens(Count(1, 4), 1));
    }

    [Fact]
    public void SelectionsCompose()
    {
        var e = _root.Narrow(Shared(6, 1, 3, 5)).Narrow(Shared(3, 0, 2));
        Same(tensor(new float[] { 1, 5 }), e.ForTokens(Count(6), 0));
        Same(tensor(new float[] { 0, 2 }), e.ForTokens(Count(3), 0));
    }

    [Fact]
    public void ASharedSelectionInsideAPerRowOne()
    {
        var e = _root.Narrow(PerRow(4, new long[,] { { 0, 1, 2 }, { 1, 2, 3 } })).Narrow(Shared(3, 0, 2));
        Same(tensor(new float[,] { { 0, 2 }, { 1, 3 } }), e.ForTokens(Count(4), 0));
    }

    [Fact]
    public void RowsNarrowedInsideAPerRowSelectionTakeTheirOwnTokens()
    {
        var e = _root.Narrow(PerRow(4, new long[,] { { 0, 1 }, { 2, 3 } })).Narrow([1]);
        Same(tensor(new float[,] { { 2, 3 } }), e.ForTokens(Count(4), 0));
        Same(tensor(new float[,] { { 6, 7 } }), e.ForTokens(e.ForRows(Count(2, 4)), 1));
    }

    [Fact]
    public void AReorderingOfAllTokensReordersTables() =>
        Same(tensor(new float[] { 3, 2, 1, 0 }), _root.Narrow(Shared(4, 3, 2, 1, 0)).ForTokens(Count(4), 0));

    [Fact]
    public void WrongLengthIsRefused()
    {
        var e = _root.Narrow(Shared(4, 1, 3));
        Assert.Contains("dimension 0 of a per-token tensor is 5", Assert.Throws<ArgumentException>(() => e.ForTokens(zeros(5), 0)).Message, StringComparison.Ordinal);
    }
}
