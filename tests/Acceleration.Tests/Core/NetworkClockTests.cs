using Acceleration.Tests.Toys;

namespace Acceleration.Tests.Core;

/// <summary>Noise levels told in another clock than the network reads are refused when the sampler is built.</summary>
public sealed class NetworkClockTests
{
    private static readonly PredictionType[] OnTrainingSteps = [PredictionType.Epsilon, PredictionType.Sample, PredictionType.Velocity];

    private static readonly Dictionary<string, (Func<SamplerBuilder, SamplerBuilder> Solve, NetworkClock Clock)> Solvers = new()
    {
        ["FlowEuler"] = (b => b.FlowEuler(4), NetworkClock.Flow),
        ["FlowHeun"] = (b => b.FlowHeun(4), NetworkClock.Flow),
        ["FlowMultistep"] = (b => b.Solve(new DpmSolver(), new FlowMultistepGrid(4)), NetworkClock.Flow),
        ["EdmEuler"] = (b => b.EdmEuler(4), NetworkClock.LogSigma),
        ["EdmHeun"] = (b => b.EdmHeun(4), NetworkClock.LogSigma),
        ["Continuous"] = (b => b.Solve(new Euler(), new SigmaGrid(4) { Continuous = true }), NetworkClock.LogSigma),
        ["Ipndm"] = (b => b.Solve(new Ipndm(), new IpndmGrid(4)), NetworkClock.Angle),
        ["Ddim"] = (b => b.Ddim(4), NetworkClock.TrainingStep),
        ["Ddpm"] = (b => b.Solve(new Ddpm(), new DdimGrid(4)), NetworkClock.TrainingStep),
        ["Pndm"] = (b => b.Solve(new Pndm(), new PndmGrid(4)), NetworkClock.TrainingStep),
        ["Lcm"] = (b => b.Solve(new Lcm(), new LcmGrid(4)), NetworkClock.TrainingStep),
        ["Euler"] = (b => b.Euler(4), NetworkClock.TrainingStep),
        ["Heun"] = (b => b.Heun(4), NetworkClock.TrainingStep),
        ["Multistep"] = (b => b.Solve(new DpmSolver(), new MultistepGrid(4)), NetworkClock.TrainingStep),
        ["LogSnr"] = (b => b.Solve(new DpmSolver(), new LogSnrGrid(4)), NetworkClock.TrainingStep),
        ["AlignYourSteps"] = (b => b.Solve(new Ddim(), new AlignYourStepsGrid(10)), NetworkClock.TrainingStep),
    };

    public static TheoryData<string> Names => [.. Solvers.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void ASolverIsTakenByNetworksThatReadItsClockAlone(string name)
    {
        var (solve, clock) = Solvers[name];
        foreach (var type in Enum.GetValues<PredictionType>())
        {
            using var network = Network(type);
            if (network.Info.Clock == clock)
            {
                Assert.NotNull(solve(Sampler.For(network)).Build());
                continue;
            }

            var refused = Assert.Throws<InvalidOperationException>(() => solve(Sampler.For(network)).Build()).Message;
            Assert.Contains($"(prediction: {type})", refused, StringComparison.Ordinal);
            Assert.Contains("let it say DenoiserInfo.Clock = " + clock, refused, StringComparison.Ordinal);

            using var told = Denoiser.From(network.Info with { Clock = clock }, (x, _, _) => x);
            Assert.NotNull(solve(Sampler.For(told)).Build());
        }
    }

    [Fact]
    public void TheMessageNamesSolverPredictionAndWhatIsRight()
    {
        using var velocity = Network(PredictionType.Velocity);
        Assert.Equal(
            "flow-euler on the schedule flow tells the network sigma·T of a flow, and toy (prediction: Velocity) reads training steps: it would return noise without a word. Use .Ddim(steps), .DpmSolver(steps), .UniPc(steps), "
            + ".Euler(steps), or any solver on training steps; or, if it was trained on sigma·T of a flow, let it say DenoiserInfo.Clock = Flow.",
            Assert.Throws<InvalidOperationException>(() => Sampler.For(velocity).FlowEuler(4).Build()).Message);
    }

    [Fact]
    public void PlansTagsSchedulersAndStagesAreCheckedAlike()
    {
        using var velocity = Network(PredictionType.Velocity);
        using var flow = Network(PredictionType.Flow);
        using var edm = Network(PredictionType.Preconditioned);
        Refused(Sampler.For(velocity).Plan(AccelerationPlan.Parse("flow-euler4")));
        Refused(Sampler.For(flow).Plan(AccelerationPlan.FromJson(AccelerationPlan.Parse("ddim4").ToJson())));
        Refused(Sampler.For(velocity).Solve(Scheduler.FromConfig("""{"prediction_type": "v_prediction"}""", "EDMEulerScheduler"), 4));
        Refused(Sampler.For(edm).Solve(new Bottleneck([new BottleneckStage(1, 4), new BottleneckStage(1, 4)])));
        Refused(Sampler.For(velocity).Solve(new FlowEuler(), FlowSchedule.Make(4).From(1)));

        // Flow levels through a scheduler, and v on ln σ where the network says so.
        Assert.NotNull(Sampler.For(flow).Solve(Scheduler.FromConfig("""{"prediction_type": "flow_prediction", "use_flow_sigmas": true}""", "UniPCMultistepScheduler"), 4).Build());
        using var video = Denoiser.From(velocity.Info with { Clock = NetworkClock.LogSigma }, (x, _, _) => x);
        Assert.NotNull(Sampler.For(video).Solve(Scheduler.FromConfig("""{"prediction_type": "v_prediction"}""", "EDMEulerScheduler"), 4).Build());

        static void Refused(SamplerBuilder builder) => Assert.Contains(" reads ", Assert.Throws<InvalidOperationException>(builder.Build).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SolversByNameChooseTheNetworksOwnLevels()
    {
        using var flow = Network(PredictionType.Flow);
        Assert.Equal("flow-multistep", Sampler.For(flow).DpmSolver(4).Build().Stages[0].Grid.Name);
        Assert.Equal("flow-multistep", Sampler.For(flow).UniPc(4).Build().Stages[0].Grid.Name);
        foreach (var type in OnTrainingSteps)
        {
            using var network = Network(type);
            Assert.Equal("multistep-linspace", Sampler.For(network).DpmSolver(4).Build().Stages[0].Grid.Name);
        }
    }

    [Fact]
    public void LevelsThatSayNothingAreNotChecked()
    {
        using var velocity = Network(PredictionType.Velocity);
        var silent = Schedule.Through("mine", [new(500, 0.5f, 0.5f), new(0, 1, 0)]);
        Assert.Null(silent.Clock);
        Assert.NotNull(Sampler.For(velocity).Solve(new FlowEuler(), silent).Build());
    }

    [Fact]
    public void ANetworkWithoutATableIsToldWhatItLacks()
    {
        using var velocity = Denoiser.From(Toy.Info("mine", PredictionType.Velocity) with { Noise = null }, (x, _, _) => x);
        using var flow = Denoiser.From(Toy.Info("mine"), (x, _, _) => x);
        foreach (var solve in (Func<IDenoiser, SamplerBuilder>[])[n => Sampler.For(n).Ddim(4), n => Sampler.For(n).DpmSolver(4)])
        {
            var message = Assert.Throws<InvalidOperationException>(() => solve(velocity)).Message;
            Assert.StartsWith("mine predicts Velocity and says no Noise", message, StringComparison.Ordinal);
            Assert.DoesNotContain("flow", message, StringComparison.Ordinal);
        }

        Assert.StartsWith("mine is a flow network and has no training steps: use .FlowEuler(steps)", Assert.Throws<InvalidOperationException>(() => Sampler.For(flow).Ddim(4)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnotherClockIsAnotherNetwork()
    {
        var info = Toy.Info("toy", PredictionType.Velocity);
        Assert.Equal(info.Fingerprint, (info with { Clock = NetworkClock.TrainingStep }).Fingerprint);
        Assert.NotEqual(info.Fingerprint, (info with { Clock = NetworkClock.LogSigma }).Fingerprint);
        Assert.Equal(NetworkClock.Flow, (info with { Prediction = PredictionType.Flow }).Clock);
    }

    // With a table whatever it predicts: what it lacks is not what refuses it.
    private static IDenoiser Network(PredictionType type) => Denoiser.From(Toy.Info("toy", type) with { Noise = Toy.Noise }, (x, _, _) => x * 0.3);
}
