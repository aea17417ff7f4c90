using Acceleration.Tests.Caching;
using Acceleration.Tests.Toys;
using static TorchSharp.torch;

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
        Assert.Equal(1, trace.HostReads);
    }

    [Fact]
    public void ABatchEqualsItsSamplesAlone()
    {
        using var network = Differing();
        var sampler = Sampler.For(network).FlowEuler(Steps).Guidance(2).Use(new AdaptiveGuidance(0.9) { Space = MetricSpace.ModelOutput }).Build();
        using var scope = NewDisposeScope();
        using var generator = new Generator(70);
        var latents = randn([3, 1, 4, 4], generator: generator) * tensor(new[] { 0.5f, 2, 8 }).view(3, 1, 1, 1);
        using var labels = Conditioning.Labels(1, 2, 3);
        using var batch = sampler.Generate(new() { Condition = labels, Latents = latents }, cancellation: TestContext.Current.CancellationToken);
        var ends = new HashSet<int>();

        for (var s = 0; s < 3; s++)
        {
            using var label = Conditioning.Labels(s + 1);
            using var alone = sampler.Generate(new() { Condition = label, Latents = latents.narrow(0, s, 1) }, cancellation: TestContext.Current.CancellationToken);
            Assert.Equal(alone.Latents.Floats(), batch.Latents.Floats()[(16 * s)..(16 * (s + 1))]);
            Assert.Equal(Flags(alone.Trace, 0), Flags(batch.Trace, s));
            ends.Add(Flags(alone.Trace, 0).Count);
        }

        Assert.Equal(3, ends.Count);
    }

    [Fact]
    public void EndedGuidanceNeverComesBack()
    {
        // The cosine of label 9 rises over 0.9 and falls below it again.
        using var network = Denoiser.From(Toy.Info("wave"), (x, _, c, e) => Turned(x, c, e.Step.Index is 3 or 4 ? 0.1 : 1.2));
        var sampler = Sampler.For(network).FlowEuler(Steps).Guidance(2).Use(new AdaptiveGuidance(0.9) { Space = MetricSpace.ModelOutput }).Build();

        var (_, trace) = Toy.Run(sampler, 2);

        Assert.Equal([2, 2, 2, 2, 1, 1, 1, 1, 1, 1], trace.Steps.Select(s => s.ComputedRows / 2));
        Assert.Equal([false, false, false, true], Flags(trace, 1));
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
    [InlineData(Consensus.PerSample, new[] { 6, 5, 4, 3, 3 })]
    [InlineData(Consensus.BatchMin, new[] { 6, 6, 6, 3, 3 })]
    public void SamplesEndAloneOrTogether(Consensus consensus, int[] rows)
    {
        // Sample s qualifies from step s on, sample 0 not in step 1.
        using var network = Denoiser.From(Toy.Info("staggered"), (x, _, c, e) =>
            cat([.. e.Rows.Select((r, i) => Turned(x[i].unsqueeze(0), r.Branch == Branch.Unconditional, e.Step.Index >= r.Sample && (e.Step.Index, r.Sample) != (1, 0) ? 0 : 1.2))], 0));
        var guidance = new AdaptiveGuidance(0.9) { Space = MetricSpace.ModelOutput, Consensus = consensus };
        var (_, trace) = Toy.Run(Sampler.For(network).FlowEuler(5).Guidance(2).Use(guidance).Build(), 3);
        Assert.Equal(rows, trace.Steps.Select(s => s.ComputedRows));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(double.NaN)]
    public void ACosineThatIsNoNumberKeepsGuidance(double output)
    {
        using var network = Toy.Affine(0, output);
        var guidance = new AdaptiveGuidance(-1) { Space = MetricSpace.ModelOutput };
        var (_, trace) = Toy.Run(Sampler.For(network).FlowEuler(5).Guidance(2).Use(guidance).Build(), 2);
        Assert.Equal(10, trace.Evaluations);
    }

    [Fact]
    public void CosinesNearOneAreToldApart()
    {
        // Turned by 2e-4: the cosine is 1 - 2e-8, which float32 rounds to 1.
        using var network = Denoiser.From(Toy.Info("close"), (x, _, c, _) => Turned(x, c, 2e-4));
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

    /// <summary>The decisions of a sample, step by step, while there are any.</summary>
    private static List<bool> Flags(Trace trace, int sample) => [.. trace.Steps.SelectMany(s => s.Decisions).Where(d => d.Sample == sample).Select(d => d.Skip)];

    /// <summary>Two branches whose angle shrinks with the step, faster for larger latents.</summary>
    private static IDenoiser Differing() => Denoiser.From(Toy.Info("differing"), (x, _, _, e) => cat([.. e.Rows.Select((r, i) =>
        Turned(x[i].unsqueeze(0), r.Branch == Branch.Unconditional, 1.5 / (1 + (e.Step.Index * x[i].abs().mean().item<float>()))))], 0));

    private static Tensor Turned(Tensor x, Conditioning condition, double angle) =>
        where(Toy.PerRow(condition["labels"].eq(Toy.Classes), x), Turned(x, true, angle), Turned(x, false, angle));

    /// <summary>A fixed direction for the condition, and one at an angle to it.</summary>
    private static Tensor Turned(Tensor x, bool unconditional, double angle)
    {
        var direction = zeros_like(x);
        direction[TensorIndex.Colon, 0, 0, 0] = unconditional ? Math.Cos(angle) : 1;
        direction[TensorIndex.Colon, 0, 0, 1] = unconditional ? Math.Sin(angle) : 0;
        return direction;
    }
}
