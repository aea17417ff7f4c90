using Acceleration.Tests.Core;
using Acceleration.Tests.Toys;

namespace Acceleration.Tests.Sampling.Schedulers;

/// <summary>Samplers take a published scheduler whole, and refuse one that is not the network's.</summary>
public sealed class SchedulerSolveTests : LiveTensorTest
{
    private static Scheduler Configured(string name, string settings = "{}") => Scheduler.FromConfig(settings, name);

    private static IDenoiser Net(PredictionType type = PredictionType.Epsilon, NoiseTable? noise = null, bool hasNoise = true) =>
        Denoiser.From(Toy.Info("toy", type) with { Noise = hasNoise ? noise ?? Toy.Noise : null }, (x, _, _) => (x * 0.3) + 0.1);

    [Theory]
    [InlineData("DDIMScheduler", "ddim10leadingloose+clip1")]
    [InlineData("DDPMScheduler", "ddpm10leading+clip1")]
    [InlineData("PNDMScheduler", "pndm10firstrk")]
    public void APlanHoldsIt(string name, string tag)
    {
        using var net = Net();
        var sampler = Sampler.For(net).Solve(Configured(name), 10).Build();
        Assert.Equal(tag, sampler.Tag);
        Assert.Equal(sampler.ToPlan(), AccelerationPlan.FromJson(sampler.ToPlan().ToJson()));
        Assert.Equal(Toy.Run(sampler, 2).Values, Toy.Run(Sampler.For(net).Plan(AccelerationPlan.Parse(tag)).Build(), 2).Values);
    }

    [Fact]
    public void WhereTheNetworkStatesNoTableTheSchedulersIsTaken()
    {
        using var with = Net();
        using var without = Net(hasNoise: false);
        Assert.Equal(Toy.Run(Sampler.For(with).Solve(Configured("DDIMScheduler"), 10).Build()).Values, Toy.Run(Sampler.For(without).Solve(Configured("DDIMScheduler"), 10).Build()).Values);
        Assert.Throws<PlanException>(() => Sampler.For(without).Solve(Configured("DDIMScheduler"), 10).Build().ToPlan());
    }

    [Fact]
    public void WhatThePipelineAsksForIsPassedOn()
    {
        using var net = Net(noise: Configured("LCMScheduler").Noise);
        var sampler = Sampler.For(net).Solve(Configured("LCMScheduler"), new SchedulerCall(2) { Strength = 0.5 }).Build();
        Assert.Equal("lcm2w0.5", sampler.Tag);
        using var flow = Toy.Constant(0.5);
        var shifted = Sampler.For(flow).Solve(Configured("FlowMatchEulerDiscreteScheduler", """{"use_dynamic_shifting": true}"""), 4, mu: 1.15).Build();
        Assert.Equal(Math.Exp(1.15), ((FlowGrid)shifted.ToPlan().Schedule!).Shift);

        // Levels that are given are no description.
        var given = Sampler.For(flow).Solve(Configured("FlowMatchEulerDiscreteScheduler"), new SchedulerCall(2) { Sigmas = [1, 0.4] }).Build();
        Assert.Equal("flow-euler2", given.Tag);
        Assert.Throws<PlanException>(() => given.ToPlan());
    }

    [Fact]
    public void ASchedulerOfAnotherNetworkIsRefused()
    {
        using var epsilon = Net();
        using var velocity = Net(PredictionType.Velocity);
        using var flow = Toy.Constant(0);
        Refused("configured for a network that predicts the noise (epsilon), and toy predicts v (v_prediction)", velocity, Configured("DDIMScheduler"));
        Refused("and constant predicts the velocity of a flow", flow, Configured("DDIMScheduler"), "affine");
        Refused("a cumulative alpha of 0.99915 at training step 0, and toy was trained with 0.9999", epsilon, Configured("LCMScheduler"));
        Refused("500 training steps, and toy was trained with 1000", epsilon, Configured("DDIMScheduler", """{"num_train_timesteps": 500}"""));
        Assert.Contains("mu", Assert.Throws<ArgumentException>(() => Sampler.For(flow).Solve(Configured("FlowMatchEulerDiscreteScheduler", """{"use_dynamic_shifting": true}"""), 4)).Message);
        Assert.Contains("takes Steps, Timesteps, and Mu is given", Assert.Throws<ArgumentException>(() => Sampler.For(epsilon).Solve(Configured("DDPMScheduler"), 4, mu: 1)).Message);

        // Sigma space cuts a table's last level, which makes it no other table.
        using var zero = Net(PredictionType.Velocity, NoiseTable.Make(BetaSchedule.Linear, zeroTerminalSnr: true));
        Assert.NotNull(Sampler.For(zero).Solve(Configured("EulerDiscreteScheduler", """{"rescale_betas_zero_snr": true, "prediction_type": "v_prediction"}"""), 4).Build());

        static void Refused(string message, IDenoiser net, Scheduler scheduler, string? name = null) =>
            Assert.Contains(message.Replace("constant", name ?? "constant", StringComparison.Ordinal), Assert.Throws<ArgumentException>(() => Sampler.For(net).Solve(scheduler, 4)).Message);
    }

    [Theory]
    [InlineData("DDPMScheduler")]
    [InlineData("PNDMScheduler")]
    [InlineData("LCMScheduler")]
    [InlineData("IPNDMScheduler")]
    public void ABatchIsItsSamplesAndASavedSessionGoesOn(string name)
    {
        var scheduler = Configured(name);
        using var plain = Net(scheduler.Prediction, scheduler.Noise, scheduler.Noise is not null);
        using var net = name == "IPNDMScheduler" ? Denoiser.From(plain.Info with { Clock = NetworkClock.Angle }, plain.Predict) : plain;
        var sampler = Sampler.For(net).Solve(scheduler, 6).Guidance(2).Build();
        var both = Toy.Run(sampler, 2).Values;
        Assert.Equal(both[..16], Toy.Run(sampler).Values);

        var request = Toy.Request(2);
        using var condition = request.Condition;
        using var session = sampler.Start(request);
        var path = Path.GetTempFileName();
        try
        {
            while (!session.IsFinished)
            {
                session.Save(path);
                using var resumed = SamplingSession.Load(sampler, path);
                using var clone = session.Clone();
                resumed.RunToEnd(cancellation: TestContext.Current.CancellationToken);
                clone.RunToEnd(cancellation: TestContext.Current.CancellationToken);
                Assert.Equal(both, resumed.Latents.Floats());
                Assert.Equal(both, clone.Latents.Floats());
                session.Advance(TestContext.Current.CancellationToken);
            }
        }
        finally
        {
            File.Delete(path);
        }
    }
}
