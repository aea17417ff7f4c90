using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Core;

/// <summary>The attention seam and signals, on the toy transformer.</summary>
public sealed class AttendAndPublishTests : CoreTest
{
    private readonly ChainToy _net = new(blocks: 2);
    private readonly float[] _plain;

    public AttendAndPublishTests()
    {
        Own(_net);
        _plain = Toy.Run(Plain.Build(), samples: 2).Values;
        _net.Calls.Clear();
    }

    private SamplerBuilder Plain => Sampler.For(_net).FlowEuler(2);

    [Fact]
    public void AHookSeesQueryKeyAndValueOfItsSite()
    {
        var sites = new List<string>();
        var hook = Probe.Attention((call, input, next) =>
        {
            sites.Add(call.Site.Path);
            Assert.Equal([2, 2, 16, 4], input.Query.shape);
            Assert.Equal(16, call.Layout!.Tokens);
            return next.Invoke(input);
        });
        Assert.Equal(_plain, Toy.Run(Plain.Use(hook).Build(), samples: 2).Values);
        Assert.Equal(["blocks.0.attention", "blocks.1.attention"], sites[..2]);
        Assert.Equal(4, sites.Count);
    }

    [Fact]
    public void AHookMayReplaceAttentionAndCountWhatItSaved()
    {
        var hook = Probe.Attention((call, input, _) =>
        {
            call.CountSaved(7);
            return input.Value;
        });
        var (values, trace) = Toy.Run(Plain.Use(hook).Build(), samples: 2);
        Assert.NotEqual(_plain, values);
        Assert.Equal(trace.FullMultiplyAdds - (2 * 2 * 7), trace.MultiplyAdds);
    }

    [Fact]
    public void AnAttentionHookMakesItsSiteHooked()
    {
        using var bench = new Bench(_net.Info.Sites, Rows(1), null, Probe.Attention((_, i, next) => next.Invoke(i)), Probe.Chain((_, h, n) => n.Invoke(h, 0, n.Count)));
        Assert.True(bench.Root.IsHooked(_net.Info.Sites["blocks.0.attention"]));
        Assert.True(bench.Root.IsHooked(_net.Info.Sites["blocks"]));
        Assert.False(bench.Root.IsHooked(_net.Info.Sites["blocks.0.ff"]));
    }

    [Fact]
    public void NobodyAsksNothingIsComputed()
    {
        Toy.Run(Plain.Use(Probe.Chain((call, h, next) =>
        {
            Assert.Null(call.Signal(Signal.TimeEmbedding));
            return next.Invoke(h, 0, next.Count);
        })).Build());
        Assert.Equal(0, _net.CountOf("time") + _net.CountOf("modulated"));
    }

    [Fact]
    public void OnlyTheAskedSignalIsComputedOncePerCall()
    {
        var shapes = new List<long[]>();
        var hook = Probe.Chain(
            (call, h, next) =>
            {
                shapes.Add(call.Signal(Signal.ModulatedInput)!.shape);
                Assert.Null(call.Signal(Signal.TimeEmbedding));
                return next.Invoke(h, 0, next.Count);
            },
            "asking",
            Signal.ModulatedInput);
        Assert.Equal(_plain, Toy.Run(Plain.Use(hook).Build(), samples: 2).Values);
        Assert.Equal([[2L, 16, 8], [2L, 16, 8]], shapes);
        Assert.Equal((0, 2), (_net.CountOf("time"), _net.CountOf("modulated")));
    }

    [Fact]
    public void ANarrowedCallSeesTheSignalOfItsRows()
    {
        var seen = new List<(float[] All, float[] Mine)>();
        float[] all = [];
        var hook = Probe.Chain(
            (call, h, next) =>
            {
                all = call.Signal(Signal.TimeEmbedding)!.Floats();
                return cat([next.InvokeRows(h, [0], 0, 2).Main, next.InvokeRows(h, [1], 0, 2).Main], 0);
            },
            "asking",
            Signal.TimeEmbedding);
        var block = Probe.Site(Where.Path("blocks.0"), (call, h, next) =>
        {
            seen.Add((all, call.Signal(Signal.TimeEmbedding)!.Floats()));
            return next.Invoke(h);
        });
        Toy.Run(Sampler.For(_net).FlowEuler(1).Use(hook).Use(block).Build(), samples: 2);
        Assert.Equal(seen[0].All[..8], seen[0].Mine);
        Assert.Equal(seen[1].All[8..], seen[1].Mine);
        Assert.NotEqual(seen[0].Mine, seen[1].Mine);
    }
}
