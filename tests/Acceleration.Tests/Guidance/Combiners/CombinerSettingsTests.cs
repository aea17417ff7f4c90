using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Guidance;

/// <summary>What combiners refuse, and what others see of them.</summary>
public sealed class CombinerSettingsTests
{
    [Fact]
    public void SolversThatDoNotTakeCleanAndNoiseApartAreRefused()
    {
        using var network = new ChainToy(3, PredictionType.Epsilon);
        var message = Assert.Throws<StrategyConflictException>(Sampler.For(network).Solve(new Ddim { UseClippedModelOutput = true }, new DdimGrid(4)).Use(new ClassifierFreePlusPlusGuidance()).Build).Message;
        Assert.Contains("CFGPP0.6 cannot run", message, StringComparison.Ordinal);
        Assert.Contains("the solver ddim does not take the two apart", message, StringComparison.Ordinal);
    }

    [Fact]
    public void LambdaZeroIsSamplingWithoutACondition()
    {
        using var network = new ChainToy(3, PredictionType.Epsilon);
        using var none = Conditioning.Labels(Toy.Classes, Toy.Classes);
        using var condition = Conditioning.Labels(1, 2);
        float[] Run(Conditioning c, double? lambda)
        {
            var builder = Sampler.For(network).Ddim(8);
            using var result = (lambda is { } given ? builder.Use(new ClassifierFreePlusPlusGuidance(given)) : builder).Build().Generate(new() { Condition = c, Seed = 3 });
            return result.Latents.Floats();
        }

        Assert.Equal(Run(none, null), Run(condition, 0));
        // λ = 1 noises with the unconditional output all the same.
        Assert.NotEqual(Run(condition, null), Run(condition, 1));
    }

    [Theory]
    [InlineData("ddim")]
    [InlineData("euler")]
    [InlineData("flow-euler")]
    public void TheCleanSampleIsGuidedAndTheNoiseIsTheUnconditionalOnes(string solver)
    {
        // Outputs by label: the condition 1, the unconditional one 10.
        var flow = solver == "flow-euler";
        using var network = Toy.Affine(0, 0, shift: 0.1, flow ? PredictionType.Flow : PredictionType.Epsilon);
        var builder = Sampler.For(network).Use(new ClassifierFreePlusPlusGuidance(0.25));
        var sampler = (solver == "ddim" ? builder.Ddim(5) : flow ? builder.FlowEuler(5) : builder.Euler(5)).Build();
        using var condition = Conditioning.Labels(1);
        using var latents = ones(1, 1, 4, 4);
        using var result = sampler.Generate(new() { Condition = condition, Latents = latents }, cancellation: TestContext.Current.CancellationToken);
        var (guided, uncond, x) = (1 + (0.25 * (0.1 - 1)), 1.0, 1.0);
        var grid = sampler.Stages[0].Grid;
        foreach (var (from, to) in grid.Points.Zip(grid.Targets))
        {
            var (clean, noise) = flow ? (x - (from.Sigma * guided), x + ((1 - from.Sigma) * uncond)) : ((x - (from.Sigma * guided)) / from.Alpha, uncond);
            x = (to.Alpha * clean) + (to.Sigma * noise);
        }

        Assert.Equal(x, result.Latents.Floats().Distinct().Single(), Math.Abs(x) * 1e-5);
    }

    /// <summary>Ending guidance sees every combiner, at whatever scale.</summary>
    [Theory]
    [MemberData(nameof(KnownCombiner.Names), MemberType = typeof(KnownCombiner))]
    public void GuidanceThatIsThereCanBeEnded(string name)
    {
        using var network = new ChainToy();
        var known = KnownCombiner.All[name];
        IStrategy ending = new AdaptiveGuidance(-1) { Warmup = 3 };
        var (_, trace) = Toy.Run(KnownCombiner.On(network, [.. KnownCombiner.Unlimited(known.Active), ending]));
        Assert.True(trace.Evaluations == (2 * 4) + 4, $"{trace.Evaluations} evaluations: {name}, without those of its strategies that limit the guided steps, is assumed to evaluate two branches in each step until guidance ends.");
        if (known.Off.Length > 0 && !known.Off.Any(KnownCombiner.LimitsSteps))
        {
            Assert.Contains("no guidance to end", Assert.Throws<StrategyConflictException>(() => KnownCombiner.On(network, [.. known.Off, ending])).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void EndedGuidanceLeavesNoRescaleAndNoMomentumBehind()
    {
        // Adaptive Guidance × APG × rescale needs no class of its own: after the end each step is the condition's, bit for bit.
        using var network = new ChainToy();
        var request = Toy.Request(2);
        using var condition = request.Condition;
        IStrategy[] all = [new AdaptiveProjectedGuidance(4) { Momentum = -0.5, Longest = 2, Eta = 0 }, new GuidanceRescale(0.7), new AdaptiveGuidance(-1) { Warmup = 2 }];
        using var session = KnownCombiner.On(network, all).Start(request);
        for (var k = 0; k < 3; k++)
        {
            session.Advance(TestContext.Current.CancellationToken);
        }

        using var latents = session.Latents.clone();
        session.RunToEnd(cancellation: TestContext.Current.CancellationToken);
        var rest = FlowSchedule.FromSigmas([.. Enumerable.Range(3, 5).Select(k => 1 - (k / 8.0))], FlowShift.Static(1));
        using var alone = Sampler.For(network).Solve(new FlowEuler(), rest).Build().Generate(new() { Condition = condition, Latents = latents }, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(alone.Latents.Floats(), session.Latents.Floats());
    }

    [Fact]
    public void SettingsOutOfRangeAreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new GuidanceRescale(1.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ClassifierFreePlusPlusGuidance(1.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MagnitudeAwareGuidance(3, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ClassifierFreeZeroStarGuidance(3, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AdaptiveProjectedMixGuidance(3, 5, -2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AdaptiveProjectedGuidance(3) { Longest = double.PositiveInfinity });
        Assert.Throws<ArgumentOutOfRangeException>(() => new TangentialClassifierFreeGuidance(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ComposedGuidance(3, [double.NaN]));
        Assert.Throws<ArgumentException>(() => new ComposedGuidance(3, [.. Enumerable.Repeat(1.0, 85)]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Branch.Other(84));
        Assert.Equal(99, Branch.Other(83));
    }

    [Fact]
    public void AVectorOverNoAxisIsRefused()
    {
        using var network = new ChainToy();
        var wrong = new AdaptiveProjectedGuidance(3) { Axes = ProjectionAxes.Frames };
        Assert.Contains("no axis of latents [1, 4, 4]", Assert.Throws<StrategyConflictException>(() => KnownCombiner.On(network, wrong)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CFG2+RS0.7", "CFG4+RS0.5", "CFG4+RS0.5")]
    [InlineData("APG3+RS0.7", "RS0.5", "APG3+RS0.5")]
    [InlineData("CFG2+RS0.7", "APG3", "RS0.7+APG3")]
    public void APlansGuidanceReplacesWhatDoesTheSame(string first, string then, string expected)
    {
        using var network = new ChainToy();
        var sampler = Sampler.For(network).FlowEuler(4).Plan(AccelerationPlan.Parse(first)).Plan(AccelerationPlan.Parse(then)).Build();
        Assert.Equal($"flow-euler4+{expected}", sampler.Tag);
        Assert.Equal(sampler.Strategies.Count, sampler.ToPlan().Guidance.Count);
    }
}
