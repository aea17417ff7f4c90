using Acceleration.Tests.Toys;

namespace Acceleration.Tests.Core;

/// <summary>Nested cuts: "reuse everything below" is the same call as "reuse a block".</summary>
public sealed class UNetTests : CoreTest
{
    private readonly UNetToy _net = new();
    private readonly float[] _plain;

    public UNetTests()
    {
        Own(_net);
        _plain = Run().Values;
        Assert.Equal(["cut.0", "down.0", "cut.1", "down.1", "middle", "cut.0", "down.0", "cut.1", "down.1", "middle"], _net.Ran);
        _net.Calls.Clear();
    }

    private (float[] Values, Trace Trace) Run(params IStrategy[] strategies) =>
        Toy.Run(strategies.Aggregate(Sampler.For(_net).FlowEuler(2), (b, s) => b.Use(s)).Build(), 2);

    private static Probe At(string path, OnSite hook) => Probe.Site(Where.Path(path), hook, tag: path);

    [Fact]
    public void HooksSeeTheLayoutOfTheirResolution()
    {
        var seen = new List<string>();
        OnSite look = (call, h, next) =>
        {
            seen.Add($"{call.Site}: {call.Layout!.Height}x{call.Layout.Width}");
            return next.Invoke(h);
        };
        var (values, trace) = Run(At("cut.0", look), At("cut.1", look), At("down.1", look));
        Assert.Equal(["cut.0: 8x8", "cut.1: 4x4", "down.1: 4x4"], seen[..3]);
        Assert.Equal(_plain, values);
        Assert.Equal(trace.FullMultiplyAdds, trace.MultiplyAdds);
    }

    [Theory]
    [InlineData("cut.0", 64 * 7)]
    [InlineData("cut.1", 16 * 4)]
    public void EverythingBelowACutIsReused(string path, double saved)
    {
        var (_, trace) = Run(new Cached(Where.Path(path), new AtSteps(0), How.LastResidual));
        Assert.Equal(path == "cut.0" ? 5 : 7, _net.Calls.Count);
        Assert.Equal(1, _net.Ran.Count(c => c == "middle"));
        // One of two steps, two rows.
        Assert.Equal(trace.FullMultiplyAdds - (2 * saved), trace.MultiplyAdds);
    }

    [Fact]
    public void CutsAreSelectedByTheirDepth()
    {
        var sites = _net.Info.Sites;
        Assert.Equal(["cut.0"], sites.All.Where(Where.Cut(0).Matches).Select(s => s.Path));
        Assert.Equal(["cut.1"], sites.All.Where(Where.Parse("cut.1").Matches).Select(s => s.Path));
        Assert.Equal(["cut.0", "cut.1"], sites.All.Where(Where.Cuts.Matches).Select(s => s.Path));
        var message = Assert.Throws<StrategyConflictException>(() => Run(new Cached(Where.Cut(2), new Interval(2), How.LastValue))).Message;
        Assert.Contains("'cut.2', but unet has no such site", message, StringComparison.Ordinal);
        Assert.Contains("prediction, network, cut.0, cut.1", Assert.Throws<StrategyConflictException>(() => Run(At("cut.7", (_, h, next) => next.Invoke(h)))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ALayoutHoldsToTheEndOfTheBodyThatSetsIt()
    {
        // The body of a cut leaves the layout of the level below behind.
        var layouts = new List<int>();
        OnSite twice = (call, h, next) =>
        {
            next.Invoke(h);
            layouts.Add(call.Layout!.Height);
            var result = next.Invoke(h);
            layouts.Add(call.Layout!.Height);
            return result;
        };
        var (values, trace) = Run(At("cut.0", twice), At("cut.1", (_, h, next) => next.Invoke(h)));
        Assert.Equal([8, 8, 8, 8], layouts);
        Assert.Equal(_plain, values);
        Assert.Equal(trace.FullMultiplyAdds + (2 * 2 * 64 * 7), trace.MultiplyAdds);
    }

    [Fact]
    public void ACancelledRequestStopsAtTheNextSite()
    {
        using var source = new CancellationTokenSource();
        var request = Toy.Request(2);
        using var condition = request.Condition;
        var sampler = Sampler.For(_net).FlowEuler(2).Use(At("cut.0", (_, h, next) =>
        {
            source.Cancel();
            return next.Invoke(h);
        })).Build();
        Assert.Throws<OperationCanceledException>(() => sampler.Generate(request, cancellation: source.Token));
        Assert.Equal(["cut.0"], _net.Ran);
    }

    [Fact]
    public void ASiteThatChangesShapesCannotBeDroppedWithoutSayingHow()
    {
        var map = new SiteMap();
        var site = map.AddCut("cut.0", default);
        using var bench = new Bench(map, RowSet.Of(1, Branch.Conditional), null, Probe.Site(Where.Cuts, (_, h, next) => next.Drop(h)));
        var error = Assert.Throws<InvalidOperationException>(() => bench.Root.At(site, Count(1, 2, 4, 4), 0, static (h, _, _) => h));
        Assert.Contains("'cut.0' changes the shape", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ADroppedCutIsItsSkipConnection()
    {
        using var condition = Conditioning.Labels(0);
        var x = Count(1, 1, 8, 8);
        var sampler = Sampler.For(_net).FlowEuler(1).Use(At("cut.0", (_, h, next) => next.Drop(h))).Build();
        using var result = sampler.Generate(new() { Condition = condition, Latents = x }, cancellation: TestContext.Current.CancellationToken);
        Same(x - (x * 0.9), result.Latents);
        Assert.Empty(_net.Calls);
    }

    [Fact]
    public void ADroppedResamplingStillResamples()
    {
        var (values, _) = Run(At("down.0", (_, h, next) => next.Drop(h)));
        Assert.Equal(["cut.0", "drop.0", "cut.1", "down.1", "middle"], _net.Ran.Take(5));
        Assert.NotEqual(_plain, values);
        Assert.Equal(16, _net.Calls.First(c => c.Site == "cut.1").Tokens);
    }

    [Fact]
    public void RowByRowAtEachDepthEqualsTheWhole()
    {
        OnSite rows = (call, h, next) => Value.Concat([.. Enumerable.Range(0, call.Rows.Count).Select(i => next.InvokeRows(h, [i]))]);
        var (values, trace) = Run(At("cut.0", rows), At("cut.1", rows));
        Near(_plain, values);
        Assert.Equal(trace.FullMultiplyAdds, trace.MultiplyAdds);
        Assert.All(_net.Calls.Where(c => c.Site == "middle"), c => Assert.Equal(1, c.Rows));
    }
}
