using Acceleration.Tests.Core;
using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Caching.Contract;

/// <summary>Whatever room a budget leaves, it is kept, nothing fails, and what is missing is computed.</summary>
public sealed class CacheBudgetTests : LiveTensorTest
{
    public static TheoryData<string> Names => KnownStrategy.Names;

    public static TheoryData<string> NamesThatForget => KnownStrategy.NamesThatForget;

    private static Sampler With(IDenoiser network, long? budget, params IStrategy[] strategies)
    {
        var builder = KnownStrategy.With(Sampler.For(network).FlowEuler(KnownStrategy.Steps, stochastic: true).Guidance(2.5), strategies);
        return (budget is { } b ? builder.CacheBudget(b) : builder).Build();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void MoreThanEnoughEqualsNoBudgetBitForBit(string name)
    {
        var known = KnownStrategy.All[name];
        using var network = known.Network();
        var active = known.Active;
        var (values, trace) = Toy.Run(With(network, null, active), 3);
        foreach (var budget in new[] { long.MaxValue, trace.PeakCacheBytes })
        {
            var (bounded, same) = Toy.Run(With(network, budget, active), 3);
            Assert.Equal(values, bounded);
            Assert.Equal(trace.MultiplyAdds, same.MultiplyAdds);
            Assert.Equal((trace.PeakCacheBytes, 0), (same.PeakCacheBytes, same.CacheBytesGivenBack));
        }
    }

    /// <summary>What skips without remembering goes on skipping; merging plans are made anew; all else equals plain guidance.</summary>
    [Theory]
    [MemberData(nameof(NamesThatForget))]
    public void NoRoomAtAllComputesEverythingThatIsMadeFromThePast(string name)
    {
        var known = KnownStrategy.All[name];
        using var network = known.Network();
        var (values, trace) = Toy.Run(With(network, 0, known.Active), 2);
        Assert.Equal(0, trace.PeakCacheBytes);
        if (known.DrawsAnew)
        {
            // A plan of its own for each block and step, with the random numbers of the plan it would have shared.
            Assert.True(trace.MultiplyAdds < trace.FullMultiplyAdds, $"{name} is assumed to go on skipping without room ({nameof(KnownStrategy)}.{nameof(KnownStrategy.DrawsAnew)}).");
            return;
        }

        var holding = Toy.Run(With(network, null, known.Active), 2).Trace.Steps.SelectMany(s => s.CacheBytesOf).Where(o => o.Bytes > 0).Select(o => o.Strategy).ToHashSet();
        var left = known.WithoutRoom ?? [.. known.Active.Where(s => !holding.Contains(s.Tag))];
        Assert.True(
            Toy.Run(With(network, null, left), 2).Values.SequenceEqual(values),
            $"Without room, {name} is assumed to come to its strategies that remember nothing, '{string.Join('+', left.Select(s => s.Tag))}'. Give {nameof(KnownStrategy)}.{nameof(KnownStrategy.WithoutRoom)} if it comes to something else.");
    }

    [Theory]
    [MemberData(nameof(NamesThatForget))]
    public void BetweenThemTheBudgetIsKeptAndLessIsSkipped(string name)
    {
        var known = KnownStrategy.All[name];
        using var network = known.Network();
        var active = known.Active;
        var (_, free) = Toy.Run(With(network, null, active), 3);
        var before = Tensor.TotalCount;
        var given = 0L;
        for (var share = 1; share <= 16; share += 3)
        {
            var budget = (free.PeakCacheBytes * share / 16) - 1;
            if (budget < 0)
            {
                continue;
            }

            var (values, trace) = Toy.Run(With(network, budget, active), 3);
            Assert.All(values, v => Assert.True(float.IsFinite(v)));
            Assert.InRange(trace.PeakCacheBytes, 0, budget);
            if (!known.ChangesWorkAtSites)
            {
                // Merging costs, and sparse attention spares, where a cache has work done again.
                Assert.InRange(trace.MultiplyAdds, free.MultiplyAdds * 0.999, trace.FullMultiplyAdds * 1.0001);
            }

            Assert.All(trace.Steps, s => Assert.Equal(s.CacheBytes, s.CacheBytesOf.Sum(o => o.Bytes)));
            if (share % 2 == 0)
            {
                Assert.Equal(values, Toy.Run(With(network, budget, active), 3).Values);
            }

            given += trace.CacheBytesGivenBack;
        }

        Assert.Equal(free.PeakCacheBytes > 0, given > 0);
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void HalfTheRoomSparesHalfTheSites()
    {
        using var network = new ChainToy(4);
        IStrategy blocks = new Cached(Where.Blocks, new Interval(2), new How(Quantity.Output, new Polynomial(1), Abscissa.Step));
        var free = Toy.Run(With(network, null, blocks), 2).Trace;
        var half = Toy.Run(With(network, free.PeakCacheBytes / 2, blocks), 2).Trace;
        Assert.Equal(free.FullMultiplyAdds - ((free.FullMultiplyAdds - free.MultiplyAdds) / 2), half.MultiplyAdds, free.FullMultiplyAdds / 20);
        Assert.InRange(half.CacheBytesGivenBack, 1, long.MaxValue);
        Assert.Equal("C:blocks:every2:out^1@step", Assert.Single(half.Steps[^1].CacheBytesOf).Strategy);
    }

    /// <summary>A line is made of two entries or not at all: on a network that is linear in time, every prediction is exact whatever the room.</summary>
    [Fact]
    public void WhatIsSkippedIsMadeAsWithoutABudget()
    {
        using var network = Toy.LinearInTime(0.3, 0.7);
        Sampler Make(long? budget, params IStrategy[] strategies) => With(network, budget, strategies);
        var exact = Toy.Run(Make(null), 3).Values;
        var free = Toy.Run(Make(null, new IntervalForecast(3)), 3).Trace.PeakCacheBytes;
        for (var budget = 0L; budget <= free; budget += 60)
        {
            var (values, _) = Toy.Run(Make(budget, new IntervalForecast(3)), 3);
            Close.All(exact, values, 1e-4);
        }
    }

    [Theory]
    [MemberData(nameof(NamesThatForget))]
    public void AClonedSessionHasTheSameRoom(string name)
    {
        var known = KnownStrategy.All[name];
        using var network = known.Network();
        var active = known.Active;
        var budget = Toy.Run(With(network, null, active), 2).Trace.PeakCacheBytes / 2;
        var request = Toy.Request(2);
        using var condition = request.Condition;
        using var session = With(network, budget, active).Start(request);
        for (var i = 0; i < 5; i++)
        {
            session.Advance(TestContext.Current.CancellationToken);
        }

        using var clone = session.Clone();
        session.RunToEnd(cancellation: TestContext.Current.CancellationToken);
        clone.RunToEnd(cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(session.Latents.Floats(), clone.Latents.Floats());
        Assert.Equal(session.Trace.Steps.Select(s => s.PeakCacheBytes), clone.Trace.Steps.Select(s => s.PeakCacheBytes));
        Assert.InRange(clone.Trace.PeakCacheBytes, 0, budget);
    }
}
