using Acceleration.Tests.Caching;
using Acceleration.Tests.Toys;

namespace Acceleration.Tests.Docs;

/// <summary>The guidance strategy of docs/your-own-strategy.md, in the order that the page names.</summary>
public sealed class WarmUpGuidanceTests
{
    private const int Steps = 8;

    private static float[] Run(IDenoiser network, params IStrategy[] strategies) =>
        Toy.Run(strategies.Aggregate(Sampler.For(network).FlowEuler(Steps), (b, s) => b.Use(s)).Build(), 2).Values;

    [Fact]
    public void NoWarmUpIsPlainGuidanceBitForBit()
    {
        using var network = new ChainToy();
        Assert.Equal(Run(network, new ClassifierFreeGuidance(3)), Run(network, new ClassifierFreeGuidance(3), new WarmUpGuidance(0)));
    }

    /// <summary>The condition's output is 1, the unconditional one 10: each step moves by its guided output.</summary>
    [Fact]
    public void TheScaleRisesFromOne()
    {
        using var network = Toy.Affine(0, 0, shift: 1);
        using var condition = Conditioning.Labels(1);
        using var latents = TorchSharp.torch.zeros(1, 1, 4, 4);
        var sampler = Sampler.For(network).FlowEuler(Steps).Guidance(3).Use(new WarmUpGuidance(0.5)).Build();
        using var result = sampler.Generate(new() { Condition = condition, Latents = latents }, cancellation: TestContext.Current.CancellationToken);
        var grid = sampler.Stages[0].Grid;
        var expected = grid.Points.Zip(grid.Targets).Select((p, k) => (p.Second.Sigma - p.First.Sigma) * (10 + ((1 + (2 * Math.Min(1, k / 4.0))) * (1 - 10)))).Sum();
        Assert.Equal(expected, result.Latents.Floats().Distinct().Single(), Math.Abs(expected) * 1e-5);
    }

    [Fact]
    public void ItRisesOverTheRunAndNotOverEachStage()
    {
        using var network = Toy.Affine(0, 0, shift: 1);
        var grid = FlowSchedule.FromSigmas([1, 0.75, 0.5, 0.25]);
        IEnumerable<bool> Warm(Stage[] stages)
        {
            // Where the warm-up is over, the combiner's own prediction comes through.
            var seen = new List<bool>();
            var listening = Probe.Site(Where.Prediction, (call, h, next) =>
            {
                var guided = next.Invoke(h);
                seen.Add(Math.Abs(guided.Main.Floats()[0] - (10 + (3 * (1 - 10)))) > 1e-3);
                return guided;
            });
            using var condition = Conditioning.Labels(1);
            Sampler.For(network).Solve(new FlowEuler(), stages).Guidance(3).Use(new WarmUpGuidance(0.5)).Use(listening).Build()
                .Generate(new() { Condition = condition }, cancellation: TestContext.Current.CancellationToken).Dispose();
            return seen;
        }

        Assert.Equal([true, true, false, false], Warm([new(null, grid)]));
        Assert.Equal([true, true, true, true, false, false, false, false], Warm([new([1, 2, 2], grid), new([1, 4, 4], grid)]));
    }

    /// <summary>The stage decides, not the order of addition.</summary>
    [Fact]
    public void ItComesBeforeTermsAndRescaleInWhateverOrderTheyAreAdded()
    {
        using var network = new ChainToy();
        IStrategy guidance = new ClassifierFreeGuidance(3), warming = new WarmUpGuidance(0.5), rescale = new GuidanceRescale(0.7);
        IStrategy skipping = new SkipLayerGuidance(0.7, Where.Blocks.OnlyBlocks(1)) { Start = 0, Stop = 1 };
        var expected = Run(network, guidance, warming, skipping, rescale);
        Assert.NotEqual(expected, Run(network, guidance, skipping, rescale));
        Assert.Equal(expected, Run(network, rescale, skipping, warming, guidance));
        Assert.Equal(expected, Run(network, skipping, guidance, rescale, warming));
    }

    [Fact]
    public void ABatchIsItsSamplesAlone()
    {
        using var network = new ChainToy();
        var sampler = Sampler.For(network).FlowEuler(Steps).Guidance(3).Use(new WarmUpGuidance(0.5)).Build();
        var batch = Toy.Run(sampler, 2).Values;
        for (var s = 0; s < 2; s++)
        {
            using var condition = Conditioning.Labels(s);
            using var alone = sampler.Generate(new() { Condition = condition, Seed = 5 + s }, cancellation: TestContext.Current.CancellationToken);
            Close.All(alone.Latents.Floats(), batch[(16 * s)..(16 * (s + 1))]);
        }
    }

    [Fact]
    public void ShareIsChecked()
    {
        using var network = new ChainToy();
        Assert.Throws<ArgumentOutOfRangeException>(() => new WarmUpGuidance(1.5));
        Assert.Throws<PlanException>(() => AccelerationPlan.Parse("WU2", PlanVocabulary.Default.With<WarmUpGuidance>()));
        Assert.Contains("no guidance to warm up", Sampler.For(network).FlowEuler(2).Use(new WarmUpGuidance(0.5)).Build().Advice.Single(), StringComparison.Ordinal);
    }
}
