using Acceleration.Tests.Core;
using Acceleration.Tests.Sampling.Schedulers;
using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Sampling.Solvers;

/// <summary>Latent consistency models: golden values, the boundary condition, and which timesteps are taken.</summary>
public sealed class LcmTests : CoreTest
{
    private static NoiseTable Table => NoiseTableTests.StableDiffusionTable;

    private static DenoiserInfo Network => Toy.Info("toy", PredictionType.Epsilon) with { Noise = Table };

    private static Tensor Unit() => tensor([1f, -0.5f, 0.25f, 2f]).reshape(1, 1, 2, 2);

    private static Scheduler Configured(string more = "") => Scheduler.FromConfig($$"""{"_class_name": "LCMScheduler"{{more}}}""");

    private static IEnumerable<double> Times(Scheduler scheduler, SchedulerCall call) => scheduler.Schedule(call).Points.Select(p => p.Time);

    [Fact]
    public void GoldenValuesHold() => Schedulers.Near.All(
        [1.383147, -0.917941, 0.232603, 2.917206],
        Loop.Run(new LcmGrid(4).On(Network), new Lcm(), Unit(), (x, _) => (x * 0.5f) + 0.1f, PredictionType.Epsilon, noise: _ => full_like(Unit(), 0.25)).Floats().Select(v => (double)v),
        2e-5);

    [Fact]
    public void NoNoiseIsDrawnInTheLastStep()
    {
        var grid = new LcmGrid(2).On(Network);
        var now = new Prediction(Unit(), PredictionType.Epsilon, Unit(), grid.Points[0]);
        Assert.Equal(grid.Points[1].Sigma, new Lcm().Step(SolverState.Start(Unit()), grid, 0, 0, now).NoiseScale!.item<float>());
        Assert.Null(new Lcm().Step(SolverState.Start(Unit()), grid, 1, 0, now).NoiseScale);
    }

    [Fact]
    public void TheConsistencyFunctionKeepsXWhereTheTimeIsZero()
    {
        var (x, x0) = (Unit(), Unit() * 3);
        Same(x, new Lcm().Clean(new(0, 1, 0), x0, x));

        // 0.25/(20² + 0.25), and the clean sample beside it.
        var scaled = new Lcm { TimestepScaling = 2 }.Clean(new(10, 0.9f, 0.4f), x0, x);
        Near([.. x.Floats().Select(v => (float)((v * 0.25 / 400.25) + (3 * v * 20 / Math.Sqrt(400.25))))], scaled.Floats());
    }

    [Fact]
    public void TimestepsAreThoseOfDistillation()
    {
        Assert.Equal([999, 759, 499, 259], Times(Configured(), new(4)));
        Assert.Equal([999, 799, 499, 299], Times(Configured(), new(4) { OriginalSteps = 10 }));
        Assert.Equal([499, 259], Times(Configured(), new(2) { Strength = 0.5 }));
        Assert.Equal([999, 749, 499, 249], Times(Configured(""", "original_inference_steps": 4"""), new(4)));
        Assert.Equal([900, 20], Times(Configured(), new(2) { Timesteps = [900, 20] }));

        // Image to image begins within given timesteps.
        Assert.Equal([20], Times(Configured(), new(2) { Timesteps = [900, 20], Strength = 0.5 }));
    }

    [Fact]
    public void WhatItCannotDoIsRefusedByName()
    {
        Assert.Contains("Between 1 and 25", Assert.Throws<ArgumentOutOfRangeException>(() => Configured().Schedule(new SchedulerCall(40) { Strength = 0.5 })).Message);
        Assert.Contains("leaves none of 2", Assert.Throws<ArgumentException>(() => Configured().Grid(new SchedulerCall(2) { Timesteps = [900, 20], Strength = 0.1 })).Message);
        Assert.Contains("3 timesteps are given for 2 steps", Assert.Throws<ArgumentException>(() => Configured().Grid(new SchedulerCall(2) { Timesteps = [900, 20, 10] })).Message);
        Assert.Contains("Timestep 20.5", Assert.Throws<ArgumentException>(() => Configured().Grid(new SchedulerCall(2) { Timesteps = [900, 20.5] })).Message);
        Assert.Contains("original_inference_steps", Assert.Throws<SchedulerConfigException>(() => Configured(""", "original_inference_steps": 2000""")).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new LcmGrid(4) { Strength = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new Lcm { TimestepScaling = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new SchedulerCall(4) { Strength = double.NaN });
    }
}
