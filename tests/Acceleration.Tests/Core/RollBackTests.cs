using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Core;

/// <summary>A body run twice (verification) leaves inner strategies as if it had been run once.</summary>
public sealed class RollBackTests : CoreTest
{
    private static readonly StoreKey Seen = new("seen");
    private readonly SiteMap _map = new();
    private readonly Site _outer;
    private readonly Site _inner;

    public RollBackTests()
    {
        _outer = _map.Add(SiteKind.Block, "block", SiteTraits.ShapePreserving, default);
        _inner = _map.Add(SiteKind.FeedForward, "block.ff", SiteTraits.ShapePreserving, default);
    }

    /// <summary>Adds its remembered inputs (two at most) and counts its calls.</summary>
    private static Probe Remembering() => new("remembering")
    {
        Needs = new() { Sites = [new(Where.FeedForward, HookPhase.Cache)] },
        Start = (_, store) => new Probe.SiteRun(
            (call, h, next) =>
            {
                var depth = store.Depth(Seen, call.Rows[0]);
                var sum = Enumerable.Range(0, depth).Aggregate(next.Invoke(h).Main, (s, age) => s + store.Get(Seen, call.Rows, age).Value);
                store.Push(Seen, call.Rows, h.Main, keep: 2);
                store.SetScalar(Seen, call.Rows[0], (store.Scalar(Seen, call.Rows[0]) ?? 0) + 1);
                return sum;
            },
            store),
    };

    private Value Raise(Bench bench, Tensor h) => bench.Root.At(_outer, h, _inner, static (h, inner, e) =>
        e.At(inner, h, 0, static (h, _, _) => h.Main * 2));

    [Fact]
    public void TheSecondRunEqualsTheFirst()
    {
        var results = new List<Tensor>();
        var verify = Probe.Site(Where.Blocks, (_, h, next) =>
        {
            using var mark = next.Mark();
            results.Add(next.Invoke(h).Main);
            mark.RollBack();
            results.Add(next.Invoke(h).Main);
            mark.RollBack();
            var third = next.Invoke(h);
            results.Add(third.Main);
            return third;
        });
        using var bench = new Bench(_map, Rows(2), null, verify, Remembering());
        Raise(bench, Count(2, 3));
        Raise(bench, Count(2, 3) + 1);

        Assert.Equal(6, results.Count);
        Same(results[0], results[1]);
        Same(results[0], results[2]);
        // The second call sees what the first remembered, once.
        Same(((Count(2, 3) + 1) * 2) + Count(2, 3), results[3]);
        Same(results[3], results[4]);
        Same(results[3], results[5]);
        Assert.Equal(2, bench.Stores[1].Depth(Seen, new(0, 0)));
        Assert.Equal(2, bench.Stores[1].Scalar(Seen, new(0, 0)));
    }

    [Fact]
    public void WithoutRollBackItDoesNot()
    {
        var results = new List<Tensor>();
        var twice = Probe.Site(Where.Blocks, (_, h, next) =>
        {
            results.Add(next.Invoke(h).Main);
            results.Add(next.Invoke(h).Main);
            return h;
        });
        using var bench = new Bench(_map, Rows(2), null, twice, Remembering());
        Raise(bench, Count(2, 3));
        Assert.NotEqual(results[0].Floats(), results[1].Floats());
    }

    [Fact]
    public void TheStoreOfTheAskingStrategyIsLeftAlone()
    {
        var verify = new Probe("verify")
        {
            Needs = new() { Sites = [new(Where.Blocks, HookPhase.Cache)] },
            Start = (_, store) => new Probe.SiteRun(
                (call, h, next) =>
                {
                    using var mark = next.Mark(except: store);
                    store.Push(new("mine"), call.Rows, h.Main);
                    mark.RollBack();
                    return next.Invoke(h);
                },
                store),
        };
        using var bench = new Bench(_map, Rows(2), null, verify, Remembering());
        Raise(bench, Count(2, 3));
        Assert.Equal(1, bench.Stores[0].Depth(new("mine"), new(0, 0)));
    }

    [Fact]
    public void AChainHookMarksToo()
    {
        var net = new ChainToy();
        using var _ = net;
        var outputs = new List<float[]>();
        var verify = Probe.Chain((_, h, next) =>
        {
            using var mark = next.Mark();
            outputs.Add(next.Invoke(h, 0, next.Count).Main.Floats());
            mark.RollBack();
            var again = next.Invoke(h, 0, next.Count);
            outputs.Add(again.Main.Floats());
            return again;
        });
        Toy.Run(Sampler.For(net).FlowEuler(3).Use(verify).Use(Remembering()).Build());
        Assert.All(outputs.Chunk(2), pair => Assert.Equal(pair[0], pair[1]));
        Assert.NotEqual(outputs[0], outputs[2]);
    }
}
