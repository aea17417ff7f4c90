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
