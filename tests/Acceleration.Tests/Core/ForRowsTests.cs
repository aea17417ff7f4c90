using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Core;

public sealed class ForRowsTests : CoreTest
{
    private readonly Evaluation _root = Evaluation.Plain(4);

    [Fact]
    public void NothingNarrowedIsFree()
    {
        var x = Count(4, 2);
        Assert.Same(x, _root.ForRows(x));
        Assert.Same(_root, _root.Narrow([0, 1, 2, 3]));
    }

    [Fact]
    public void SomeRowsAreTaken() => Same(tensor(new float[,] { { 2, 3 }, { 6, 7 } }), _root.Narrow([1, 3]).ForRows(Count(4, 2)));

    [Fact]
    public void RowsOfTheNarrowedEvaluationStay()
    {
        var x = Count(2, 2);
        Assert.Same(x, _root.Narrow([1, 3]).ForRows(x));
    }

    [Fact]
    public void OneSharedRowStays()
    {
        var x = Count(1, 2);
        Assert.Same(x, _root.Narrow([1, 3]).ForRows(x));
    }

    [Fact]
    public void NarrowingTwiceTakesFromEitherLevel()
    {
        var inner = _root.Narrow([0, 2, 3]).Narrow([1, 2]);
        Assert.Equal([new RowId(2, 0), new RowId(3, 0)], inner.Rows);
        Same(tensor(new float[] { 2, 3 }), inner.ForRows(Count(4)));
        Same(tensor(new float[] { 1, 2 }), inner.ForRows(Count(3)));
    }

    [Fact]
    public void TokenNarrowingInBetweenChangesNoRows()
    {
        var inner = _root.Narrow([1, 3]).Narrow(new TokenSelection(4, tensor(new long[] { 0, 2 }).ToTestDevice())).Narrow([1]);
        Same(tensor(new float[] { 3 }), inner.ForRows(Count(4)));
    }

    [Fact]
    public void FoldedRowsAreTakenTogether()
    {
        var inner = _root.Narrow([0, 3]);
        Same(tensor(new float[] { 0, 1, 6, 7 }), inner.ForRows(Count(8), fold: 2));
    }

    [Fact]
    public void WrongLengthNamesTheSiteAndTheRows()
    {
        var map = new SiteMap();
        var site = map.Add(SiteKind.Block, "blocks.7", SiteTraits.None, default);
        using var bench = new Bench(map, Rows(4), null, Probe.Site(Where.Blocks, (_, h, next) => next.InvokeRows(h, [0])));
        var e = Assert.Throws<ArgumentException>(() => bench.Root.At(site, Count(4), 0, static (h, _, e) => e.ForRows(zeros(3))));
        Assert.Contains("At blocks.7: dimension 0 of a per-row tensor is 3", e.Message, StringComparison.Ordinal);
    }
}
