using Acceleration.Tests.Caching;
using Acceleration.Tests.Toys;

namespace Acceleration.Tests.Guidance;

public sealed class AdaptiveGuidanceTests
{
    private const int Steps = 10;

    [Theory]
    [InlineData(1.5)]
    [InlineData(1.0000001)]
    public void AThresholdAboveOneIsPlainGuidance(double gammaBar)
    {
        using var network = new ChainToy(3, PredictionType.Epsilon);
        SamplerBuilder Builder() => Sampler.For(network).Ddim(Steps, eta: 1).Guidance(4);
        var (plain, _) = Toy.Run(Builder().Build(), 3);
        foreach (var space in Enum.GetValues<MetricSpace>())
        {
            var (values, trace) = Toy.Run(Builder().Use(new AdaptiveGuidance(gammaBar) { Space = space }).Build(), 3);
            Assert.Equal(plain, values);
            Assert.Equal(2 * Steps, trace.Evaluations);
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(-1.5)]
    public void AThresholdOfMinusOneGuidesTheFirstStepAlone(double gammaBar)
    {
        using var network = new ChainToy();
        var (_, trace) = Toy.Run(Sampler.For(network).FlowEuler(Steps).Guidance(4).Use(new AdaptiveGuidance(gammaBar)).Build(), 2);
        Assert.Equal(Steps + 1, trace.Evaluations);
        Assert.Equal(1 + TestDevice.FiniteReads, trace.HostReads);
    }

    [Fact]
    public void WarmupStepsAreGuidedWhateverTheCosine()
    {
        using var network = new ChainToy();
        var (_, trace) = Toy.Run(Sampler.For(network).FlowEuler(Steps).Guidance(4).Use(new AdaptiveGuidance(-1) { Warmup = 4 }).Build());
        Assert.Equal(Steps + 5, trace.Evaluations);
        Assert.Throws<ArgumentOutOfRangeException>(() => new AdaptiveGuidance(0.9) { Warmup = -1 });
    }

    [Theory]
    [InlineData(0)]
    [InlineData(double.NaN)]
    public void ACosineThatIsNoNumberKeepsGuidance(double output)
    {
        using var network = Toy.Affine(0, output);
        var guidance = new AdaptiveGuidance(-1) { Space = MetricSpace.ModelOutput };
        var (_, trace) = Toy.Run(Sampler.For(network).FlowEuler(5).Guidance(2).Use(guidance).OnNonFinite(NonFinite.Ignore).Build(), 2);
        Assert.Equal(10, trace.Evaluations);
    }

    [Fact]
    public void CosinesNearOneAreToldApart()
    {
        // Turned by 2e-4: the cosine is 1 - 2e-8, which float32 rounds to 1.
        using var network = Denoiser.From(Toy.Info("close"), (x, _, c, _) => TurnedBranches.Of(x, c, 2e-4));
        double Evaluations(double gammaBar) => Toy.Run(
            Sampler.For(network).FlowEuler(5).Guidance(2).Use(new AdaptiveGuidance(gammaBar) { Space = MetricSpace.ModelOutput }).Build()).Trace.Evaluations;
        Assert.Equal(10, Evaluations(1 - 1e-8));
        Assert.Equal(6, Evaluations(1 - 4e-8));
    }

    [Fact]
    public void ASolverOfSeveralCallsDecidesOncePerStep()
    {
        using var network = new ChainToy();
        var sampler = Sampler.For(network).Solve(new TwoCallTests.Heun(), TwoCallTests.Grid(6)).Guidance(3).Use(new AdaptiveGuidance(-1) { Warmup = 2 }).Build();
        var (_, trace) = Toy.Run(sampler);
        // Both calls of the deciding step are guided.
        Assert.Equal([4, 4, 4, 2, 2, 1], trace.Steps.Select(s => s.ComputedRows));
        Assert.Equal(3, trace.Steps.Sum(s => s.Decisions.Count));
    }

    [Fact]
    public void WithoutGuidanceThereIsNothingToEnd()
    {
        using var network = new ChainToy();
        Assert.Contains("no guidance to end", Assert.Throws<StrategyConflictException>(Sampler.For(network).FlowEuler(4).Use(new AdaptiveGuidance()).Build).Message);
        Assert.Contains("no guidance to end", Assert.Throws<StrategyConflictException>(Sampler.For(network).FlowEuler(4).Guidance(1).Use(new AdaptiveGuidance()).Build).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new AdaptiveGuidance(double.NaN));
    }
}
