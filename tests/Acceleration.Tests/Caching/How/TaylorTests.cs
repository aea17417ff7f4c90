using Acceleration.Tests.Toys;

namespace Acceleration.Tests.Caching;

public sealed class TaylorTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void LinesAreExactAtEveryOrderFromTwoEntriesOn(int order)
    {
        Assert.Equal(3 - (2 * 11.5), Continued.At(new Taylor(order), t => 3 - (2 * t), 11.5, [.. new double[] { 9, 5, 4, 1, 0 }.Take(order + 1)]), 1e-9);
        Assert.False(Continued.IsExact(new Taylor(order), t => t * t));
    }

    [Fact]
    public void TheSlopeIsThatOfTheLastGapAndOrderZeroRepeats()
    {
        Assert.Equal([1.75, -0.75], new Taylor(1).Weights([8, 4], 11));
        Assert.Equal([1], new Taylor(0).Weights([8], 11));
        Assert.Equal([1], new Taylor(3).Weights([8], 11));
    }

    [Fact]
    public void AParabolaIsMissedAsPublishedAndMetByThePolynomial()
    {
        // f = t², computed at 4, 8 and 12: at 15 the published form gives 213 and not 225.
        Assert.Equal(213, Continued.At(new Taylor(2), t => t * t, 15, 12, 8, 4), 1e-9);
        Assert.Equal(225, Continued.At(new Polynomial(2), t => t * t, 15, 12, 8, 4), 1e-9);
    }

    [Fact]
    public void TheSecondDifferenceIsDividedByTheLastDistanceAlone()
    {
        // F₁ = (16 − 4)/2 = 6, before it (4 − 1)/1 = 3, F₂ = (6 − 3)/2; two steps on 16 + 6·2 + 1.5·4/2.
        Assert.Equal(31, Continued.At(new Taylor(2), t => t * t, 6, 4, 2, 1), 1e-12);
    }

    [Theory]
    [InlineData(3, new[] { 2.0, 1, 0 })]
    [InlineData(9, new[] { 8.0, 2, 1, 0 })]
    [InlineData(14, new[] { 13.0, 8, 2, 1, 0 })]
    public void EntriesBeforeTheAuthorsStartGiveNoDifferences(double target, double[] nodes)
    {
        // W = 3: differences are taken from step 2 on, of which the first is against step 1.
        var counted = nodes.Where(n => n >= 1).ToArray();
        var weights = new Taylor(4) { Since = 1 }.Weights(nodes, target);
        Assert.Equal([.. new Taylor(4).Weights(counted, target), .. new double[nodes.Length - counted.Length]], weights);
        Assert.NotEqual(new Taylor(4).Weights(nodes, target), weights);
    }

    [Fact]
    public void TheNewestEntryAlwaysCounts() => Assert.Equal([1, 0], new Taylor(1) { Since = 7 }.Weights([2, 1], 4));

    [Fact]
    public void CountingStepsNeedsSteps()
    {
        Assert.Null(new Taylor(2).Refuse(Abscissa.LogSnr));
        Assert.Null((new Taylor(2) { Since = 1 }).Refuse(Abscissa.Step));
        Assert.Equal("taylor2since1 leaves out entries before step 1, which Time does not count; use Abscissa.Step, or leave Since out.", (new Taylor(2) { Since = 1 }).Refuse(Abscissa.Time));
    }

    [Fact]
    public void ANetworkLinearInTimeIsContinuedExactly()
    {
        using var network = Toy.LinearInTime(0.4, -1.5);
        Sampler Of(IForecast? forecast)
        {
            var builder = Sampler.For(network).FlowEuler(11, shift: 3).Guidance(1.5);
            return (forecast is null ? builder : builder.Use(new Cached(Where.Prediction, new Interval(3, 3), new How(Quantity.Output, forecast, Abscissa.Time)))).Build();
        }

        var (plain, _) = Toy.Run(Of(null), 2);
        foreach (var order in new[] { 1, 2, 3 })
        {
            var (values, trace) = Toy.Run(Of(new Taylor(order)), 2);
            Assert.True(trace.Evaluations < trace.FullEvaluations);
            Close.All(plain, values, 1e-4);
        }

        Assert.Throws<Xunit.Sdk.TrueException>(() => Close.All(plain, Toy.Run(Of(new Hermite(1)), 2).Values, 1e-4));
    }

    [Theory]
    [InlineData(-1, null)]
    [InlineData(5, null)]
    [InlineData(1, -1)]
    public void OtherSettingsAreRefused(int order, int? since) => Assert.Throws<ArgumentOutOfRangeException>(() => new Taylor(order) { Since = since });
}
