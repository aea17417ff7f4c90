using Acceleration.Tests.Toys;

namespace Acceleration.Tests.Caching;

/// <summary>Every forecast in a run: at any place, alone and in a batch.</summary>
public sealed class ForecastRunTests
{
    private const int Steps = 12;

    private static readonly Dictionary<string, IForecast> All = new IForecast[]
    {
        new Taylor(2) { Since = 1 }, new Hermite(2), new Damped(1, 0.8, 0.3), new ChebyshevRidge(), new ChebyshevRidge { Span = Steps }, new MagnitudeRatio([.. Enumerable.Repeat(1.0, Steps)]),
    }.ToDictionary(f => f.Tag);

    public static MatrixTheoryData<string, string> Places => new(All.Keys, ["prediction", "network", "chain", "attention", "ff.gated"]);

    public static TheoryData<string> Names => [.. All.Keys];

    [Theory]
    [MemberData(nameof(Places))]
    public void ConstantsAreExactWhereverTheyAreContinued(string name, string where)
    {
        foreach (var quantity in new[] { Quantity.Output, Quantity.Residual })
        {
            using var network = new SiteToy(adds: quantity == Quantity.Residual);
            var builder = Sampler.For(network).FlowEuler(Steps, shift: 2).Guidance(2.5);
            var (plain, full) = Toy.Run(builder.Build(), 2);
            network.Calls.Clear();

            var (values, trace) = Toy.Run(builder.Use(new Cached(Where.Parse(where), new Interval(3, 3), new How(quantity, All[name], Abscissa.Step))).Build(), 2);

            Close.All(plain, values, 1e-4);
            Assert.Equal(Steps - 6, trace.Steps.Count(s => s.Decisions.Any(d => d.Skip)));
            Assert.Equal(Steps, full.Steps.Count);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ABatchIsItsSamplesAlone(string name)
    {
        using var network = new ChainToy();
        var sampler = Sampler.For(network).FlowEuler(Steps).Guidance(2).Use(new Cached(Where.Prediction, new Interval(3, 3), new How(Quantity.Output, All[name], Abscissa.Step))).Build();
        var (both, _) = Toy.Run(sampler, 2);
        var (one, _) = Toy.Run(sampler, 1);
        Close.All(one, both[..one.Length]);
        Assert.Equal(both, Toy.Run(sampler, 2).Values);
    }

    [Fact]
    public void WhatAForecastCannotServeIsRefusedWhenTheSamplerIsBuilt()
    {
        using var network = new SiteToy(adds: true);
        string Refused(How how) => Assert.Throws<StrategyConflictException>(() => Sampler.For(network).FlowEuler(Steps).Use(new Cached(Where.Chain, new Interval(3), how)).Build()).Message;

        Assert.Contains("which Time does not count", Refused(new How(Quantity.Residual, new Taylor(2) { Since = 1 }, Abscissa.Time)), StringComparison.Ordinal);
        Assert.Contains("is for 2 steps at most", Refused(new How(Quantity.Residual, new MagnitudeRatio([1, 1]), Abscissa.Step)), StringComparison.Ordinal);
    }
}
