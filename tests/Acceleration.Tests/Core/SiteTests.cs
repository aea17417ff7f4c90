using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Core;

/// <summary>One site and what a hook may do with its body.</summary>
public sealed class SiteTests : CoreTest
{
    private readonly SiteMap _map = new();
    private readonly Site _site;
    private readonly List<string> _log = [];

    public SiteTests() => _site = _map.Add(SiteKind.FeedForward, "ff", SiteTraits.ShapePreserving | SiteTraits.TokenWise, new(0, 10));

    /// <summary>h·(row + 1) + token: depends on the row and on the token.</summary>
    private Value Raise(Bench bench, Value h, SiteBody<Tensor>? drop = null) => bench.Root.At(
        _site,
        h,
        arange(1, bench.Root.Rows.Count + 1, ScalarType.Float32, TestDevice.Current),
        (h, scale, e) =>
        {
            _log.Add($"body {e.Rows.Count}x{h.Main.size(1)}");
            return (h.Main * e.ForRows(scale).view(-1, 1)) + e.ForTokens(Count(4), 0);
        },
        drop: drop);

    private Bench With(OnSite hook) => new(_map, Rows(3), new(1, 2, 2), Probe.Site(Where.FeedForward, hook));

    private Tensor Whole()
    {
        using var bench = new Bench(_map, Rows(3), new(1, 2, 2));
        return Raise(bench, Count(3, 4)).Main;
    }

    [Fact]
    public void WithoutAStrategyTheBodyGetsTheCallersEvaluation()
    {
        using var bench = new Bench(_map, Rows(3), null);
        var seen = bench.Root.At(_site, Count(3), _log, static (h, log, e) =>
        {
            log.Add(e.Rows.Count.ToString());
            return h;
        });
        Assert.Equal(["3"], _log);
        Assert.Equal(3, seen.Main.numel());
        Assert.False(bench.Root.IsHooked(_site));
    }

    [Fact]
    public void OnFewerRows()
    {
        using var bench = With((call, h, next) =>
        {
            var some = next.InvokeRows(h, [0, 2]).Main;
            return cat([some.narrow(0, 0, 1), call.Rows.Take(h, [1]).Main, some.narrow(0, 1, 1)], 0);
        });
        var (whole, part) = (Whole(), Raise(bench, Count(3, 4)).Main);
        Assert.Equal("body 2x4", _log[^1]);
        Same(whole[0], part[0]);
        Same(Count(3, 4)[1], part[1]);
        Same(whole[2], part[2]);
    }

    [Fact]
    public void RowByRowEqualsTheWhole()
    {
        using var bench = With((call, h, next) => Value.Concat([.. Enumerable.Range(0, call.Rows.Count).Select(i => next.InvokeRows(h, [i]))]));
        Same(Whole(), Raise(bench, Count(3, 4)).Main);
    }

    [Fact]
    public void OnFewerTokens()
    {
        using var bench = With((call, h, next) =>
        {
            var kept = new TokenSelection(4, tensor(new long[] { 1, 3 }).ToTestDevice());
            return next.InvokeTokens(kept.Take(h.Main, 1), kept);
        });
        Same(Whole().index_select(1, tensor(new long[] { 1, 3 }).ToTestDevice()), Raise(bench, Count(3, 4)).Main);
        Assert.Equal("body 3x2", _log[^1]);
    }

    [Fact]
    public void OnDifferentTokensOfEachRow()
    {
        var kept = new TokenSelection(4, tensor(new long[,] { { 0, 1 }, { 2, 3 }, { 3, 0 } }).ToTestDevice());
        using var bench = With((_, h, next) => next.InvokeTokens(kept.Take(h.Main, 1), kept));
        Same(kept.Take(Whole(), 1), Raise(bench, Count(3, 4)).Main);
    }

    [Fact]
    public void Piecewise()
    {
        using var bench = With((_, h, next) => cat([.. new[] { 0L, 2 }.Select(from =>
        {
            var piece = new TokenSelection(4, arange(from, from + 2, device: TestDevice.Current));
            return next.InvokeTokens(h.Main.narrow(1, from, 2), piece).Main;
        })], 1));
        Same(Whole(), Raise(bench, Count(3, 4)).Main);
        Assert.Equal(["body 3x2", "body 3x2"], _log[^2..]);
    }

    [Fact]
    public void NotAtAll()
    {
        var made = Count(3, 4);
        using var bench = With((_, _, _) => made);
        Assert.Same(made, Raise(bench, Count(3, 4)).Main);
        Assert.Empty(_log);
        Assert.Equal(-3 * 40, bench.Trace.MultiplyAdds);
        Assert.True(bench.Root.IsHooked(_site));
    }

    [Fact]
    public void Twice()
    {
        using var bench = With((_, h, next) => next.Invoke(next.Invoke(h)));
        _ = Raise(bench, Count(3, 4));
        Assert.Equal(["body 3x4", "body 3x4"], _log);
        Assert.Equal(3 * 40, bench.Trace.MultiplyAdds);
    }

    [Fact]
    public void ADroppedBlockIsTheIdentity()
    {
        var block = _map.Add(SiteKind.Block, "block", SiteTraits.ShapePreserving, default);
        using var bench = new Bench(_map, Rows(3), null, Probe.Site(Where.Blocks, (_, h, next) => next.Drop(h)));
        var x = Count(3, 4);
        Assert.Same(x, bench.Root.At(block, x, 0, static (h, _, _) => h.Main * 2).Main);
    }

    [Fact]
    public void ADroppedBranchAddsNothingUnlessTheNetworkSaysOtherwise()
    {
        using var bench = With((_, h, next) => next.Drop(h));
        var x = Count(3, 4);
        Same(zeros(3, 4), Raise(bench, x).Main);
        Same(x.narrow(1, 0, 2), Raise(bench, x, static (h, _, _) => h.Main.narrow(1, 0, 2)).Main);
        Assert.Empty(_log);
    }

    [Fact]
    public void NestedNarrowingsReachTheBody()
    {
        using var bench = new Bench(
            _map,
            Rows(3),
            new(1, 2, 2),
            Probe.Site(Where.FeedForward, (_, h, next) => next.InvokeRows(h, [1, 2])),
            Probe.Site(
                Where.FeedForward,
                (call, h, next) =>
                {
                    Assert.Equal([1, 2], call.Rows.Select(r => r.Sample));
                    var kept = new TokenSelection(4, tensor(new long[,] { { 0, 2 }, { 1, 3 } }).ToTestDevice());
                    return next.InvokeTokens(kept.Take(h.Main, 1), kept);
                },
                HookPhase.Tokens),
            Probe.Site(Where.FeedForward, (_, h, next) => next.InvokeRows(h, [1]), HookPhase.Slice));
        var expected = Whole()[2].index_select(0, tensor(new long[] { 1, 3 }).ToTestDevice());
        Same(expected, Raise(bench, Count(3, 4)).Main[0]);
        Assert.Equal("body 1x2", _log[^1]);
        // 3 rows × 4 tokens left out, 1 row × 2 tokens run, 10 each.
        Assert.Equal(20 - 120, bench.Trace.MultiplyAdds);
    }
}
