using Acceleration.Tests.Toys;

namespace Acceleration.Tests.Caching;

/// <summary>Any place with any decision and any approximation.</summary>
public sealed class CombinationTests
{
    private const int Steps = 10;

    /// <summary>Each place with a site whose bodies are counted and the site its decisions are recorded at.</summary>
    private static readonly Dictionary<string, (string Body, string Decided)> Places = new()
    {
        ["prediction"] = ("network", "prediction"),
        ["network"] = ("network", "network"),
        ["chain"] = ("blocks.0", "blocks"),
        ["blocks"] = ("blocks.0", "blocks.0"),
        ["attention"] = ("blocks.0.attention", "blocks.0.attention"),
        ["attention.gated"] = ("blocks.0.attention.gated", "blocks.0.attention.gated"),
        ["cross"] = ("blocks.0.cross", "blocks.0.cross"),
        ["ff"] = ("blocks.0.ff", "blocks.0.ff"),
        ["ff.gated"] = ("blocks.0.ff.gated", "blocks.0.ff.gated"),
        ["path=blocks.1"] = ("blocks.1", "blocks.1"),
    };

    private static readonly Dictionary<string, IWhen> Decisions = new IWhen[]
    {
        new Interval(2, 3), new Interval(3, 3, ForceLast: false), new AtSteps(0, 1, 2, 5, 6), new InputOutputDrift(double.PositiveInfinity, 3),
    }.ToDictionary(w => w.Tag);

    private static readonly How[] Approximations =
    [
        How.LastValue,
        How.LastResidual,
        How.Linear(),
        How.Linear(Abscissa.Step),
        new(Quantity.Output, new Polynomial(2), Abscissa.LogSnr),
        new(Quantity.Residual, new Polynomial(1), Abscissa.Time),
        new(Quantity.Residual, new Polynomial(2), Abscissa.Step),
    ];

    public static MatrixTheoryData<string, string> All => new(Places.Keys, Decisions.Keys);

    [Fact]
    public void AStepThatAnOuterStrategyLeftOutIsMadeUpFor()
    {
        // The network runs at 0, 1, 3, 5, 7, 9: attention misses its own even steps, and must not live on what it had at step 0.
        using var network = new ChainToy();
        var sampler = Sampler.For(network).FlowEuler(Steps)
            .Use(new EasyCache(double.PositiveInfinity, 2) { MaxSkip = 1 })
            .Use(new Cached(Where.Attention, new Interval(2, ForceLast: false), How.LastValue))
            .Build();
        var (_, trace) = Toy.Run(sampler, 1);

        var attention = trace.Steps.SelectMany(s => s.Decisions.Where(d => d.Site == "blocks.0.attention").Select(d => (s.Step.Index, d.Skip)));
        Assert.Equal([(0, false), (1, true), (3, false), (5, false), (7, false), (9, false)], attention);
        Assert.Equal(5, network.CountOf("blocks.0.attention"));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void EachCombinationRunsIsExactWhereItMustBeAndSkipsTheBodiesItSays(string where, string when)
    {
        foreach (var how in Approximations)
        {
            var residual = how.Quantity == Quantity.Residual;
            using var network = new SiteToy(adds: residual);
            var builder = Sampler.For(network).FlowEuler(Steps, shift: 2).Guidance(2.5);
            var (plain, _) = Toy.Run(builder.Build(), 2);
            var cached = new Cached(Where.Parse(where), Decisions[when], how);
            var sampler = builder.Use(cached).Build();
            network.Calls.Clear();

            var (values, trace) = Toy.Run(sampler, 2);

            Close.All(plain, values, 1e-4);
            Assert.EndsWith(cached.Tag, sampler.Tag);
            var (body, decided) = Places[where];
            var skipped = trace.Steps.Count(s => s.Decisions.Single(d => d.Site == decided && d.Sample == 0).Skip);
            Assert.Equal(Steps - skipped, network.CountOf(body));
            // An input that never moves says nothing: that is what constant bodies give their successors.
            var still = !residual && Decisions[when] is InputOutputDrift && where is ("cross" or "ff" or "ff.gated" or "path=blocks.1");
            Assert.Equal(still, skipped == 0);
            Assert.All(trace.Steps.Take(3).SelectMany(s => s.Decisions), d => Assert.False(d.Skip));
        }
    }

    [Fact]
    public void AResidualIsRefusedWhereTheShapeChanges()
    {
        using var network = new UNetToy();
        var builder = Sampler.For(network).FlowEuler(6);

        var error = Assert.Throws<StrategyConflictException>(builder.Use(new Cached(Where.Path("down.0"), new Interval(2), How.LastResidual)).Build);

        Assert.Contains("path=down.0", error.Message);
        Assert.Contains("a residual needs outputs of the input's shape, which down.0 does not have", error.Message);
        var outputs = Sampler.For(network).FlowEuler(6).Use(new Cached(Where.Path("down.0"), new Interval(2), How.LastValue)).Build();
        Toy.Run(outputs);
        Assert.Equal(4, network.Ran.Count(r => r == "down.0"));
    }

    [Fact]
    public void APlaceTheNetworkDoesNotHaveIsRefusedWithThoseItHas()
    {
        using var network = Toy.Affine(1, 0);

        var error = Assert.Throws<StrategyConflictException>(Sampler.For(network).FlowEuler(6).Use(new Cached(Where.Attention, new Interval(2), How.LastValue)).Build);

        Assert.Contains("'attention', but affine has no such site. Its sites: prediction, network.", error.Message);
        Assert.Contains("no site selector 'atention'", Assert.Throws<ArgumentException>(() => Where.Parse("atention")).Message);
    }

    [Fact]
    public void TwoCachesAtOneSiteAreRefused()
    {
        using var network = new ChainToy();
        var (first, second) = (new EasyCache(0.1), new Cached(Where.Network, new Interval(2), How.LastValue));

        var error = Assert.Throws<StrategyConflictException>(Sampler.For(network).FlowEuler(6).Use(first).Use(second).Build);

        Assert.Equal([first, second], error.Strategies);
        Assert.Contains("EC0.1 and C:network:every2:out both work in the cache phase of the site 'network'", error.Message);
    }
}
