using Acceleration.Tests.Caching;
using Acceleration.Tests.Core;
using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Sampling;

public sealed class DualFastTests : LiveTensorTest
{
    private const int Steps = 8;

    [Theory]
    [InlineData(PredictionType.Epsilon)]
    [InlineData(PredictionType.Velocity)]
    [InlineData(PredictionType.Flow)]
    public void AWeightOfZeroIsTheBaseSolver(PredictionType type)
    {
        using var network = new ChainToy(3, type);
        var (plain, _) = Toy.Run(On(network).Guidance(3).Build(), 2);
        foreach (var lag in new int?[] { 1, 3, null })
        {
            var (values, trace) = Toy.Run(On(network).Guidance(3).Use(new DualFast(0) { Lag = lag, Course = MixWeight.Constant }).Build(), 2);
            Assert.Equal(plain, values);
            Assert.Equal(2 * Steps, trace.Evaluations);
        }
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(2)]
    public void NoiseThatDoesNotChangeIsNotChanged(double weight)
    {
        using var network = Toy.Constant(0.4, PredictionType.Epsilon);
        var (plain, _) = Toy.Run(On(network).Build(), 2);
        foreach (var part in Enum.GetValues<MixedPart>())
        {
            Assert.Equal(plain, Toy.Run(On(network).Use(new DualFast(weight) { Part = part }).Build(), 2).Values);
            Assert.Equal(plain, Toy.Run(On(network).Use(new DualFast(weight) { Part = part, Lag = null, Course = MixWeight.Constant }).Build(), 2).Values);
        }
    }

    [Fact]
    public void HalfOfThePreviousDifferenceIsTheSecondOrderAdamsBashforthStep()
    {
        using var network = new ChainToy(3, PredictionType.Epsilon);
        using var scope = NewDisposeScope();
        var (values, _) = Toy.Run(Sampler.For(network).Solve(new Multistep(Steps), new DdimGrid(Steps)).Build(), 2);
        var (mixed, trace) = Toy.Run(On(network).Use(new DualFast(0.5) { Course = MixWeight.Constant }).Build(), 2);
        Close.All(values, mixed);
        Assert.Equal(Steps, trace.Evaluations);
        Assert.NotEqual(values, Toy.Run(On(network).Build(), 2).Values);
    }

    [Fact]
    public void TheWeightRisesAndTheLagWaits()
    {
        // ε = step number: what the solver sees is ε + c·(ε − ε_τ).
        using var network = Denoiser.From(Toy.Info("counter", PredictionType.Epsilon), (x, _, _, e) => full_like(x, e.Step.Index));
        Assert.Equal([0, 1.1, 2.2, 3.3, 4.4], Seen(network, new DualFast(0.4)));
        Assert.Equal([0, 1.5, 2.5, 3.5, 4.5], Seen(network, new DualFast(0.5) { Course = MixWeight.Constant }));
        Assert.Equal([0, 1.5, 3, 4.5, 6], Seen(network, new DualFast(0.5) { Course = MixWeight.Constant, Lag = null }));
        Assert.Equal([0, 1, 2, 4.5, 5.5], Seen(network, new DualFast(0.5) { Course = MixWeight.Constant, Lag = 3 }));
    }

    [Fact]
    public void OnlyTheLeadingTermIsMixedUnlessAllIs()
    {
        using var network = Denoiser.From(Toy.Info("counter", PredictionType.Epsilon), (x, _, _, e) => full_like(x, e.Step.Index));
        foreach (var part in Enum.GetValues<MixedPart>())
        {
            var history = new List<double>();
            var leading = Seen(network, new DualFast(0.5) { Course = MixWeight.Constant, Part = part }, p => history.Add(Math.Round(First(p.Epsilon), 4)), p => Assert.Equal(part != MixedPart.Leading && p.At.Time < 800, p.LeadingInDifferences));
            Assert.Equal(part == MixedPart.All ? leading : [0, 1, 2, 3, 4], history);
        }
    }

    [Fact]
    public void TheMixIsClippedNotWhatIsMixed()
    {
        using var network = Denoiser.From(Toy.Info("counter", PredictionType.Epsilon), (x, _, _, e) => full_like(x, e.Step.Index));
        var clip = new SampleClip(0.5);
        var seen = Seen(network, new DualFast(0.5) { Course = MixWeight.Constant }, p => Assert.InRange(Largest(p.LeadingX0), 0, 0.5), clip: clip);
        Assert.Equal([0, 1.5, 2.5, 3.5, 4.5], seen);
    }

    [Fact]
    public void ABatchEqualsItsSamplesAloneAndStagesBeginAnew()
    {
        using var network = new ChainToy(3, PredictionType.Epsilon);
        var sampler = On(network).Guidance(2).Use(new DualFast(0.4) { Lag = 2 }).Use(new AdaptiveGuidance(-1) { Warmup = 3 }).Build();
        var (both, _) = Toy.Run(sampler, 2);
        using var second = Conditioning.Labels(1);
        using var alone = sampler.Generate(new() { Condition = second, Seed = 6 }, cancellation: TestContext.Current.CancellationToken);
        Close.All(alone.Latents.Floats(), both[16..]);

        var staged = Sampler.For(network).Solve(new Bottleneck([new BottleneckStage(1, 3), new BottleneckStage(1, 3)])).Use(new DualFast(0.4) { Lag = null }).Build();
        Assert.All(Toy.Run(staged).Values, v => Assert.True(float.IsFinite(v)));
    }

    [Fact]
    public void ItStacksOnForecasts()
    {
        using var network = new ChainToy(3, PredictionType.Epsilon);
        var (forecast, few) = Toy.Run(On(network).Use(new IntervalForecast(2)).Build());
        var (values, trace) = Toy.Run(On(network).Use(new IntervalForecast(2)).Use(new DualFast()).Build());
        Assert.Equal(few.Evaluations, trace.Evaluations);
        Assert.NotEqual(forecast, values);
    }

    [Fact]
    public void SolversOfSeveralCallsAreRefused()
    {
        using var network = new ChainToy();
        var refused = Assert.Throws<StrategyConflictException>(Sampler.For(network).Solve(new TwoCallTests.Heun(), TwoCallTests.Grid(4)).Use(new DualFast()).Build);
        Assert.Contains("heun asks the network several times in a step", refused.Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new DualFast(-0.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DualFast(double.PositiveInfinity));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DualFast { Lag = 0 });
    }

    private static SamplerBuilder On(IDenoiser network) => network.Info.Prediction == PredictionType.Flow ? Sampler.For(network).FlowEuler(Steps) : Sampler.For(network).Ddim(Steps);

    /// <summary>ε of the leading term in each of five steps.</summary>
    private static double[] Seen(IDenoiser network, DualFast mix, Action<Prediction>? also = null, Action<Prediction>? then = null, SampleClip? clip = null)
    {
        var seen = new List<double>();
        var solver = new Multistep(5, now =>
        {
            seen.Add(Math.Round(First(now.LeadingEpsilon), 4));
            also?.Invoke(now);
            then?.Invoke(now);
        });
        Toy.Run(Sampler.For(network).Solve(solver, new DdimGrid(5), clip).Use(mix).Build());
        return [.. seen];
    }

    private static float First(Tensor t) => t.Floats()[0];

    private static float Largest(Tensor t) => t.Floats().Max(Math.Abs);

    /// <summary>DDIM on 3/2·ε − 1/2·ε' from the second step on; with somebody who looks, plain DDIM.</summary>
    private sealed class Multistep(int steps, Action<Prediction>? seen = null) : ISolver
    {
        private readonly Ddim _inner = new();

        public string Name => $"watched{steps}";

        public int Calls(Schedule grid, int step) => 1;

        public SolverInput Input(in SolverState state, Schedule grid, int step, int call) => _inner.Input(state, grid, step, call);

        public SolverUpdate Step(in SolverState state, Schedule grid, int step, int call, Prediction now)
        {
            if (seen is not null)
            {
                seen(now);
                return _inner.Step(state, grid, step, call, now);
            }

            var noise = state.History.Length == 0 ? now.Epsilon : (now.Epsilon * 1.5f) - (state.History[0] * 0.5f);
            var update = _inner.Step(state, grid, step, call, now.WithLeading(Conversions.X0(noise, PredictionType.Epsilon, now.X, now.At), noise));
            return update with { Next = update.Next with { History = [now.Epsilon.alias()] } };
        }
    }
}
