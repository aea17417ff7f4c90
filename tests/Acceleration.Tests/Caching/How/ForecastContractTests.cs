namespace Acceleration.Tests.Caching;

/// <summary>What holds for every forecast.</summary>
public sealed class ForecastContractTests
{
    private static readonly Dictionary<string, IForecast> All = new IForecast[]
    {
        new Polynomial(0), new Polynomial(2), new Taylor(0), new Taylor(1), new Taylor(3), new Taylor(2) { Since = 3 }, new Hermite(1), new Hermite(2), new Hermite(4, 0.7), new Damped(0.5), new Damped(1, 0.8, 0.3),
        new Damped(0.4) { Undivided = true }, new ChebyshevRidge(), new ChebyshevRidge(4) { Ridge = 1e-3, Blend = 1 }, new ChebyshevRidge(2) { Span = 50, Undivided = true, Slope = -1 },
    }.ToDictionary(f => f.Tag);

    public static TheoryData<string> Names => [.. All.Keys];

    [Fact]
    public void EveryForecastIsHere() =>
        Assert.Equal(
            PlanVocabulary.Default.Types.Where(typeof(IForecast).IsAssignableFrom).Select(t => t.Name).Order(),
            All.Values.Select(f => f.GetType().Name).Append(nameof(MagnitudeRatio)).Distinct().Order());

    [Theory]
    [MemberData(nameof(Names))]
    public void AConstantAddedToTheHistoryIsAddedToTheForecast(string name) =>
        Assert.True(Continued.IsExact(All[name], _ => 3), name);

    [Theory]
    [MemberData(nameof(Names))]
    public void OneEntryIsRepeated(string name)
    {
        Assert.Equal([1], All[name].Weights([4], 9));
        Assert.Equal(1, All[name].AtLeast);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void EachEntryHasAFiniteWeight(string name)
    {
        double[] nodes = [17, 13, 10, 7, 5, 3];
        for (var count = 1; count <= All[name].Depth; count++)
        {
            var weights = All[name].Weights(nodes.AsSpan(0, count), 19);
            Assert.Equal(count, weights.Length);
            Assert.All(weights, w => Assert.True(double.IsFinite(w)));
        }
    }
}
