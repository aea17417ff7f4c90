using Acceleration.Tests.Caching;
using Acceleration.Tests.Core;
using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Guidance;

/// <summary>What LinearAG's weights do not hold for is refused, with the reason.</summary>
public sealed class LinearAGRefusalTests : LiveTensorTest
{
    private static readonly EstimatedStep First = new(1, [1, 0], [0.5]);

    [Fact]
    public void RunsItCannotWorkOnAreRefused()
    {
        using var network = new ChainToy();
        void Refused(string reason, SamplerBuilder builder, LinearAG guidance) => Assert.Contains(reason, Assert.Throws<StrategyConflictException>(builder.Use(guidance).Build).Message);
        SamplerBuilder Guided() => Sampler.For(network).FlowEuler(6).Guidance(2);
        Refused("add .Guidance(scale)", Sampler.For(network).FlowEuler(6), new([First]));
        Refused("the run has stages", Sampler.For(network).Solve(new Bottleneck([new BottleneckStage(1, 4), new BottleneckStage(1, 4)])).Guidance(2), new([First]));
        Refused("heun asks the network several times", Sampler.For(network).Solve(new TwoCallTests.Heun(), TwoCallTests.Grid(4)).Guidance(2), new([First]));
        Refused("weights for step 6, and the last one is 5", Guided(), new([new(6, [1], [])]));
        Refused("step 1 has 3 weights of conditional predictions; 1 to 2", Guided(), new([new(1, [1, 1, 1], [])]));
        Refused("step 1 has 0 weights", Guided(), new([new(1, [], [])]));
        Refused("step 1 has 2 weights of unconditional predictions; 1 at most", Guided(), new([new(1, [1], [1, 1])]));
        Refused("do not ascend: 1 comes after 1", Guided(), new([First, First]));
        Refused("no weights for step 3", Guided(), new([First]) { Tail = LinearTail.Estimated });
        Refused("both decide which guidance branches", Guided().Use(new AdaptiveGuidance()), new([First]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EstimatedStep(1, [double.NaN], []));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EstimatedStep(1, [1], [double.PositiveInfinity]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EstimatedStep(-1, [1], []));
        Assert.Throws<ArgumentException>(() => new LinearAG([null!]));
    }

    [Fact]
    public void ARequestWithANegativeConditionIsRefused()
    {
        using var network = new ChainToy();
        var sampler = Sampler.For(network).FlowEuler(6).Guidance(2).Use(new LinearAG([First])).Build();
        using var condition = Conditioning.Labels(1);
        using var negative = Conditioning.Labels(2);
        var e = Assert.Throws<ArgumentException>(() => sampler.Start(new() { Condition = condition, Negative = negative }));
        Assert.Contains("do not hold for a negative condition", e.Message);
        using var calibrated = sampler.Generate(new() { Condition = condition }, cancellation: TestContext.Current.CancellationToken);
        var calibration = LinearAGCalibration.For(Sampler.For(network).FlowEuler(6).Guidance(2));
        Assert.Contains("negative condition", Assert.Throws<ArgumentException>(() => calibration.Record(new() { Condition = condition, Negative = negative }, TestContext.Current.CancellationToken)).Message);
    }

    [Fact]
    public void APlanOfWeightsSaysWhatItWasMadeFor()
    {
        using var network = new ChainToy(size: [1, 8, 8]);
        using var other = new ChainToy(blocks: 4, size: [1, 8, 8]);
        var calibration = LinearAGCalibration.For(Sampler.For(network).FlowEuler(6).Guidance(2));
        using var condition = Conditioning.Labels(1, 2);
        calibration.Record(new() { Condition = condition }, TestContext.Current.CancellationToken);
        var plan = calibration.Plan(new() { Tail = LinearTail.Estimated });

        Assert.Equal([1, 3, 4, 5], plan.Guidance.OfType<LinearAG>().Single().Estimates.Select(e => e.Step));
        Assert.Equal(plan, AccelerationPlan.FromJson(plan.ToJson()));
        Assert.Equal(network.Info.Fingerprint, plan.Calibration!.Network);
        Toy.Run(Sampler.For(network).Plan(plan).Build());
        string[] Differences(SamplerBuilder builder) => [.. Assert.Throws<CalibrationException>(builder.Build).Differences];
        Assert.Equal(["guidance scale 2, here 3"], Differences(Sampler.For(network).Plan(plan with { Guidance = [new ClassifierFreeGuidance(3), plan.Guidance[1]] })));
        Assert.Equal(["6 steps, here 8"], Differences(Sampler.For(network).Plan(calibration.Plan()).FlowEuler(8)));
        Assert.Single(Differences(Sampler.For(other).Plan(plan)));
        var small = Sampler.For(network).Plan(plan).Build();
        Assert.Contains("size [1, 8, 8], here [1, 8, 4]", Assert.Throws<CalibrationException>(() => small.Start(new() { Condition = condition, Size = [1, 8, 4] })).Message);
        Assert.Equal(plan, Sampler.For(other).Plan(plan, force: true).Build().ToPlan());
    }

    [Fact]
    public void CalibrationIsForPlainGuidance()
    {
        using var network = new ChainToy();
        SamplerBuilder Guided() => Sampler.For(network).FlowEuler(6).Guidance(2);
        Assert.Contains("calibrate without AG", Assert.Throws<ArgumentException>(() => LinearAGCalibration.For(Guided().Use(new AdaptiveGuidance()))).Message);
        Assert.Contains("cache budget", Assert.Throws<ArgumentException>(() => LinearAGCalibration.For(Guided().CacheBudget(1000))).Message);
        Assert.Throws<StrategyConflictException>(() => LinearAGCalibration.For(Sampler.For(network).FlowEuler(6)));
        var builder = Guided();
        var calibration = LinearAGCalibration.For(builder);
        Assert.Empty(builder.Build().Strategies.OfType<LinearAG>());
        Assert.Contains("no trajectories", Assert.Throws<InvalidOperationException>(() => calibration.Plan()).Message);
        using var condition = Conditioning.Labels(1);
        calibration.Record(new() { Condition = condition }, TestContext.Current.CancellationToken);
        Assert.Contains("one resolution", Assert.Throws<ArgumentException>(() => calibration.Record(new() { Condition = condition, Size = [1, 4, 8] }, TestContext.Current.CancellationToken)).Message);
    }

    [Fact]
    public void PredictionsThatDoNotFitAreRefused()
    {
        var fit = new LinearAGFit(2);
        using var scope = NewDisposeScope();
        Tensor[] two = [zeros(1, 1, 2, 2), zeros(1, 1, 2, 2)];
        Assert.Contains("2 conditional", Assert.Throws<ArgumentException>(() => fit.Add([two[0]], two)).Message);
        Assert.Contains("one shape", Assert.Throws<ArgumentException>(() => fit.Add(two, [two[0], zeros(1, 1, 2, 3)])).Message);
        Assert.Contains("not finite", Assert.Throws<ArgumentException>(() => fit.Add(two, [two[0], full_like(two[0], double.NaN)])).Message);
        Assert.Equal(0, fit.Trajectories);
        Assert.Throws<ArgumentOutOfRangeException>(() => fit.Fit(2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LinearAGFit(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LinearFitOptions { Ridge = -1 });
    }
}
