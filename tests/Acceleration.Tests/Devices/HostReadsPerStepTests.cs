using Acceleration.Tests.Caching.Contract;
using Acceleration.Tests.Core;
using Acceleration.Tests.Toys;

namespace Acceleration.Tests.Devices;

/// <summary>A GPU stands still at each value read back: at most one read per step and strategy that decides by values, and none besides.</summary>
public sealed class HostReadsPerStepTests : LiveTensorTest
{
    public static TheoryData<string> Names => KnownStrategy.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void AStrategyReadsAtMostOncePerStep(string name)
    {
        var known = KnownStrategy.All[name];
        using var network = known.Network();
        var deciding = known.DecidesByValues;
        var request = Toy.Request(3);
        using var condition = request.Condition;
        using var session = Waiting(network, known.Active).Start(request);
        var before = HostReads.Count;

        session.RunToEnd(cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(session.Trace.HostReads, HostReads.Count - before);
        Assert.All(session.Trace.Steps.SkipLast(1), s => Assert.InRange(s.HostReads, 0, deciding));
        Assert.InRange(session.Trace.Steps[^1].HostReads, 1, deciding + 1);
        Assert.Equal(deciding > 0, session.Trace.HostReads > 1);
    }

    /// <summary>As on a GPU: whether values are finite is read with what a strategy reads, and once at the end.</summary>
    private static Sampler Waiting(IDenoiser network, IStrategy[] strategies)
    {
        var builder = KnownStrategy.With(Sampler.For(network).FlowEuler(KnownStrategy.Steps, stochastic: true).Guidance(2.5), strategies);
        builder.DefersFiniteChecks = true;
        return builder.Build();
    }

    [Theory]
    [InlineData("attention")]
    [InlineData("ff")]
    [InlineData("blocks")]
    [InlineData("ff@1-3")]
    public void TheFirstSiteOfAStepDecidesForAll(string where)
    {
        using var network = new ChainToy();
        var sampler = KnownStrategy.Guided(network, new Cached(Where.Parse(where), new InputOutputDrift(2, 3), How.LastResidual));

        var (_, trace) = Toy.Run(sampler, 2);

        Assert.All(trace.Steps, s => Assert.InRange(s.HostReads, 0, 1));
        foreach (var sample in trace.Steps.SelectMany(s => s.Decisions.GroupBy(d => (s.Step.Index, d.Sample))))
        {
            Assert.True(sample.Count() > 1);
            Assert.Single(sample.Select(d => (d.Skip, d.Value)).Distinct());
            Assert.Null(sample.First().Reason);
            Assert.All(sample.Skip(1), d => Assert.Equal($"decided at {sample.First().Site}", d.Reason));
        }

        Assert.Contains(trace.Steps.SelectMany(s => s.Decisions), d => d.Skip);
        Assert.Contains(trace.Steps.SelectMany(s => s.Decisions), d => !d.Skip && d.Value > 2);
    }

    /// <summary>An outer strategy may leave out the sites that decided so far: the next one takes over, from what it remembers itself.</summary>
    [Fact]
    public void WhereTheFirstSiteIsNotReachedTheNextOneDecides()
    {
        using var network = new ChainToy();
        var front = new DeltaDiT(2, 1) { End = CachedEnd.Front };
        var sampler = KnownStrategy.Guided(network, front, new Cached(Where.FeedForward, new InputOutputDrift(2, 3), How.LastResidual));

        var (values, trace) = Toy.Run(sampler, 2);

        var deciders = trace.Steps.Select(s => s.Decisions.First(d => d.Site.EndsWith(".ff", StringComparison.Ordinal)).Site).ToArray();
        Assert.Equal(["blocks.0.ff", "blocks.1.ff"], deciders.Distinct());
        Assert.All(trace.Steps, s => Assert.InRange(s.HostReads, 0, 1));
        Assert.All(values, v => Assert.True(float.IsFinite(v)));
    }
}
