using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Core;

/// <summary>Chains: ranges chosen by a hook, hooks of single blocks within, and tensors freed block by block.</summary>
public sealed class ChainTests : CoreTest
{
    private readonly SiteMap _map = new();
    private readonly Site _chain;
    private readonly List<string> _log = [];

    public ChainTests() => _chain = _map.AddChain("blocks", 4, new(0, 10));

    /// <summary>Block i: h·2 + i·(row + 1).</summary>
    private Value Raise(Bench bench, Value h) => bench.Root.Chain(_chain, h, _log, static (h, i, log, e) =>
    {
        log.Add($"{i}:{string.Join(",", e.Rows.Select(r => r.Sample))}");
        return (h.Main * 2) + (e.ForRows(arange(1, 4, ScalarType.Float32, TestDevice.Current)).view(-1, 1) * i);
    });

    private Bench With(params IStrategy[] strategies) => new(_map, Rows(3), new(1, 1, 2), strategies);

    private Tensor Whole()
    {
        using var bench = With();
        var result = Raise(bench, Count(3, 2)).Main;
        _log.Clear();
        return result;
    }

    [Fact]
    public void RangesMakeTheWhole()
    {
        var whole = Whole();
        using var bench = With(Probe.Chain((_, h, next) => next.Invoke(next.Invoke(next.Invoke(h, 0, 1), 1, 1), 1, next.Count)));
        Same(whole, Raise(bench, Count(3, 2)).Main);
        Assert.Equal(["0:0,1,2", "1:0,1,2", "2:0,1,2", "3:0,1,2"], _log);
        Assert.Equal(0, bench.Trace.MultiplyAdds);
    }

    [Fact]
    public void AnEmptyRangeIsItsInput()
    {
        using var bench = With(Probe.Chain((_, h, next) => next.Invoke(h, 2, 2)));
        var x = Count(3, 2);
        Assert.Same(x, Raise(bench, x).Main);
        Assert.Equal(-3 * 2 * 40, bench.Trace.MultiplyAdds);
    }

    [Fact]
    public void ARangeOnSomeRows()
    {
        var whole = Whole();
        using var bench = With(Probe.Chain((_, h, next) =>
            cat([next.InvokeRows(h, [0], 0, 4).Main, next.InvokeRows(h, [1, 2], 0, 4).Main], 0)));
        Same(whole, Raise(bench, Count(3, 2)).Main);
        Assert.Equal(["0:0", "1:0"], _log[..2]);
        Assert.Equal("3:1,2", _log[^1]);
        Assert.Equal(0, bench.Trace.MultiplyAdds);
    }

    [Fact]
    public void BlocksWithinARangeHaveTheirHooks()
    {
        var whole = Whole();
        using var bench = With(
            Probe.Chain((_, h, next) => next.InvokeRows(h, [0, 2], 1, 3), "ranges"),
            Probe.Site(Where.Path("blocks.1"), (call, h, next) =>
            {
                _log.Add($"hook {call.Rows.Count} of {call.Site}");
                return Value.Concat([next.InvokeRows(h, [0]), next.InvokeRows(h, [1])]);
            }));
        Raise(bench, Count(3, 2));
        Assert.Equal(["hook 2 of blocks.1", "1:0", "1:2", "2:0,2"], _log);
        // Two of four blocks on two of three rows with two tokens.
        Assert.Equal((2 * 2 * 2 * 10) - (4 * 3 * 2 * 10), bench.Trace.MultiplyAdds);
        Assert.Equal(3, whole.size(0));
    }

    [Theory]
    [InlineData(-1, 2)]
    [InlineData(0, 5)]
    [InlineData(3, 2)]
    public void ARangeOutsideTheChainIsRefused(int from, int to)
    {
        using var bench = With(Probe.Chain((_, h, next) => next.Invoke(h, from, to)));
        Assert.ThrowsAny<ArgumentOutOfRangeException>(() => Raise(bench, Count(3, 2)));
    }

    [Fact]
    public void LiveTensorsStayBoundedInALongChain()
    {
        var sites = new SiteMap();
        var longChain = sites.AddChain("long", 200, default);
        using var bench = new Bench(sites, Rows(1), null);
        var x = Count(1, 8);
        var (before, peak) = (Tensor.TotalCount, 0L);
        var y = bench.Root.Chain(longChain, x, 0, (h, _, _, _) =>
        {
            peak = Math.Max(peak, Tensor.TotalCount - before);
            return ((h.Main * 2) + 1) / 2;
        });
        Assert.Equal(1, Tensor.TotalCount - before);
        Assert.InRange(peak, 1, 4);
        Same(Count(1, 8), x);
        Assert.Equal(100, (y.Main - x)[0, 0].item<float>());
    }

    [Fact]
    public void BlocksMayHandOnWhatTheyDoNotChange()
    {
        using var bench = With();
        var (image, text) = (Count(3, 2, 1), Count(3, 1, 1));
        var before = Tensor.TotalCount;
        var y = bench.Root.Chain(_chain, new Value(image, text), 0, static (h, i, _, _) => i switch
        {
            0 => new(h.Main + 1, h.Text),
            1 => new(h.Main, h.Text! + 1),
            2 => new(h.Main + 1, h.Text),
            _ => h,
        });
        Same(Count(3, 2, 1) + 2, y.Main);
        Same(Count(3, 1, 1) + 1, y.Text!);
        Same(Count(3, 2, 1), image);
        Same(Count(3, 1, 1), text);
        Assert.True(Tensor.TotalCount > before);
    }

    [Fact]
    public void AChainOfIdentitiesReturnsItsInput()
    {
        using var bench = With();
        var x = Count(3, 2);
        Assert.Same(x, bench.Root.Chain(_chain, x, 0, static (h, _, _, _) => h).Main);
        Same(Count(3, 2), x);
    }
}
