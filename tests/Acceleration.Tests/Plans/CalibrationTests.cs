using Acceleration.Tests.Toys;

namespace Acceleration.Tests.Plans;

/// <summary>A plan made for something else is refused with every part that differs, unless forced.</summary>
public sealed class CalibrationTests
{
    [Fact]
    public void EveryDifferenceIsNamed()
    {
        using var made = new ChainToy(size: [1, 8, 8]);
        using var other = new ChainToy(blocks: 4, size: [1, 8, 8]);
        var sampler = Sampler.For(made).FlowEuler(10).Use(new EasyCache(1)).Build();
        var plan = sampler.ToPlan() with { Calibration = Calibration.Of(sampler) };

        Assert.Equal(plan, Sampler.For(made).Plan(plan).Build().ToPlan());
        var e = Assert.Throws<CalibrationException>(Sampler.For(other).Plan(plan).FlowEuler(8).Build);
        Assert.Equal([$"network {made.Info.Fingerprint}, here {other.Info.Fingerprint}", "10 steps, here 8"], e.Differences);
        Assert.Equal(
            $"The plan was calibrated for something else: network {made.Info.Fingerprint}, here {other.Info.Fingerprint}; 10 steps, here 8. Calibrate anew, or apply it with force: true.", e.Message);
        Assert.Equal(["solver ddim, here flow-euler"], Assert.Throws<CalibrationException>(Sampler.For(made).Plan(plan with { Calibration = plan.Calibration! with { Solver = "ddim" } }).Build).Differences);
        Assert.Equal(plan, Sampler.For(other).Plan(plan, force: true).Build().ToPlan());
    }

    [Fact]
    public void TheSizeIsTheRequests()
    {
        using var network = new ChainToy(size: [1, 8, 8]);
        var plan = AccelerationPlan.Parse("flow-euler4+EC1") with { Calibration = new() { Size = [1, 8, 8] } };
        var request = Toy.Request() with { Size = [1, 8, 4] };
        using var condition = request.Condition;

        using var own = Sampler.For(network).Plan(plan).Build().Start(request with { Size = null });
        Assert.Equal(["size [1, 8, 8], here [1, 8, 4]"], Assert.Throws<CalibrationException>(() => Sampler.For(network).Plan(plan).Build().Start(request)).Differences);
        using var forced = Sampler.For(network).Plan(plan, force: true).Build().Start(request);
    }

    [Fact]
    public void AFingerprintSeesWhatChangesOutputsAndNothingElse()
    {
        var info = Toy.Info("toy", PredictionType.Epsilon);
        string[] different =
        [
            info.Fingerprint,
            (info with { Prediction = PredictionType.Velocity }).Fingerprint,
            (info with { SampleSize = [1, 4, 8] }).Fingerprint,
            (info with { Noise = NoiseTable.Make(BetaSchedule.ScaledLinear) }).Fingerprint,
            (info with { Noise = null }).Fingerprint,
            (info with { LearnedVariance = true }).Fingerprint,
            (info with { Patch = 2 }).Fingerprint,
            (info with { Classes = 3 }).Fingerprint,
            (info with { Weights = "0123456789ab" }).Fingerprint,
            (info with { Sites = new SiteMap(new CostModel(101)) }).Fingerprint,
            Toy.Info("toy", PredictionType.Epsilon, new ChainToySites().Map).Fingerprint,
        ];

        Assert.Equal(different.Length, different.Distinct().Count());
        Assert.All(different, f => Assert.Matches("^[0-9a-f]{12}$", f));
        Assert.Equal(info.Fingerprint, (info with { Name = "other", DType = TorchSharp.torch.ScalarType.BFloat16 }).Fingerprint);
    }

    private sealed class ChainToySites
    {
        public ChainToySites() => Map.AddChain("blocks", 2, new CostModel(5));

        public SiteMap Map { get; } = new(new CostModel(100));
    }
}
