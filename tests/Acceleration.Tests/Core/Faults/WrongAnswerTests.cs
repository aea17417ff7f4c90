using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Core.Faults;

/// <summary>What networks, noise, solvers, stages and runs may return, and what they may do with what they were given.</summary>
public sealed class WrongAnswerTests : LiveTensorTest
{
    private const int Failing = 1;
    private readonly ChainToy _net = new();

    public WrongAnswerTests() => Own(_net);

    /// <summary>The exception of step 2 of 3, after which a sound network gives what it gave before.</summary>
    private static string Message(SamplerBuilder builder, string? site = null, SamplingRequest? request = null)
    {
        request ??= Toy.Request(2);
        using var condition = request.Condition;
        var e = Assert.Throws<SamplingException>(() => builder.Build().Generate(request));
        Assert.Equal((Failing, site), (e.Step.Index, e.Site?.Path));
        return e.InnerException!.Message.WithoutDevice();
    }

    private IDenoiser Returning(Func<Tensor, Tensor> answer) =>
        Denoiser.From(_net.Info, (x, t, _) => t[0].item<float>() is < 700 and > 600 ? answer(x) : x * 0.1);

    [Theory]
    [InlineData("type", "chain returned float64 [2, 1, 4, 4] for latents float32 [2, 1, 4, 4]; expected float32 [2, 1, 4, 4].")]
    [InlineData("rank", "chain returned float32 [2, 16] for latents float32 [2, 1, 4, 4]; expected float32 [2, 1, 4, 4].")]
    [InlineData("null", "chain returned null for latents float32 [2, 1, 4, 4]; expected float32 [2, 1, 4, 4].")]
    [InlineData("disposed", "chain returned a disposed tensor for latents float32 [2, 1, 4, 4]; expected float32 [2, 1, 4, 4].")]
    public void OfANetwork(string what, string message)
    {
        using var network = Returning(x =>
        {
            var copy = x * 1;
            if (what == "disposed")
            {
                copy.Dispose();
            }

            return what switch { "type" => x.to(ScalarType.Float64), "rank" => x.flatten(1), "null" => null!, _ => copy };
        });
        Assert.Equal(message, Message(Sampler.For(network).FlowEuler(3), "network"));
    }

    [Fact]
    public void ANetworkMayReturnOrDisposeWhatItWasGiven()
    {
        Func<Tensor, Tensor>[] bodies =
        [
            x => x,
            x => x.view(x.shape),
            x =>
            {
                var result = x * 1;
                x.Dispose();
                return result;
            },
            x =>
            {
                var result = x.alias();
                x.Dispose();
                x.Dispose();
                return result;
            },
        ];
        using var plain = Denoiser.From(_net.Info, (x, _, _) => x * 1);
        foreach (var guided in new[] { false, true })
        {
            Sampler On(IDenoiser network) => (guided ? Sampler.For(network).FlowEuler(4).Guidance(2).Use(new EasyCache(9, 1)) : Sampler.For(network).FlowEuler(4)).Build();
            var expected = Toy.Run(On(plain), 2).Values;
            foreach (var body in bodies)
            {
                using var network = Denoiser.From(_net.Info, (x, _, _) => body(x));
                Assert.Equal(expected, Toy.Run(On(network), 2).Values);
            }
        }
    }

    [Theory]
    [InlineData(false, "The noise source returned null; expected float32 [1, 1, 4, 4].")]
    [InlineData(true, "The noise source returned float32 [1, 4, 4]; expected float32 [1, 1, 4, 4].")]
    public void OfANoiseSource(bool shape, string message)
    {
        var draws = 0;
        var noise = new ScriptedNoise(size => draws++ < 2 ? zeros([1, .. size]) : shape ? zeros([.. size]) : null!);
        Assert.Equal(message, Message(Sampler.For(_net).FlowEuler(3, stochastic: true), null, Toy.Request() with { Noise = noise }));
    }

    [Fact]
    public void OfARunThatIsNone()
    {
        var request = Toy.Request();
        using var condition = request.Condition;
        var disposed = 0;
        var sampler = Sampler.For(_net).FlowEuler(3).Use(new Probe("first") { Start = (_, _) => new Disposing(() => disposed++) }).Use(new Probe("second") { Start = (_, _) => null! }).Build();
        Assert.Equal("second returned no run: Begin returned null.", Assert.Throws<InvalidOperationException>(() => sampler.Start(request)).Message);
        Assert.Equal(1, disposed);
    }

    [Fact]
    public void OfAStage()
    {
        var grid = Sampler.For(_net).FlowEuler(2).Build().Stages[0].Grid;
        Stage[] Stages(Resample resample) => [new(null, grid), new(null, grid) { Resample = resample }];
        Assert.Equal(
            "Resampling into stage 2 returned float32 [2, 1, 4, 3]; expected float32 [2, 1, 4, 4].",
            Message(Sampler.For(_net).Solve(new FlowEuler(), Stages((x, _) => x.narrow(-1, 0, 3)))));
        Assert.Equal("Resampling into stage 2 returned null; expected float32 [2, 1, 4, 4].", Message(Sampler.For(_net).Solve(new FlowEuler(), Stages((_, _) => null!))));
    }

    [Fact]
    public void ARunThatCannotBeDisposedHidesNothing()
    {
        var failing = true;
        var released = 0;
        SamplerBuilder Make() => Sampler.For(_net).FlowEuler(3)
            .Use(new Probe("stuck") { Start = (_, _) => new Disposing(() => throw new FormatException("stuck")) })
            .Use(Probe.Site(Where.Blocks, (call, h, next) => failing && call.Step.Index == 1 ? throw new ArithmeticException("first") : next.Invoke(h)))
            .Use(new Probe("after") { Start = (_, _) => new Disposing(() => released++) });
        Assert.Equal("first", Message(Make(), "blocks.0"));
        Assert.Equal(1, released);
        failing = false;
        var request = Toy.Request(2);
        using var condition = request.Condition;

        // Nothing else failed: it is told, and the result is not lost to the finalizer.
        Assert.Equal("stuck", Assert.Throws<FormatException>(() => Make().Build().Generate(request, cancellation: TestContext.Current.CancellationToken)).Message);
        Assert.Equal(2, released);
    }

    [Fact]
    public void AMessageThatCannotBeMadeHidesNothing()
    {
        using var network = Returning(_ => throw new Mute());
        var request = Toy.Request();
        using var condition = request.Condition;
        var e = Assert.Throws<SamplingException>(() => Sampler.For(network).FlowEuler(3).Build().Generate(request, cancellation: TestContext.Current.CancellationToken));
        Assert.EndsWith(": Mute", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AStepThatWasNotBegunCanBeTakenLater()
    {
        var sampler = Sampler.For(_net).FlowEuler(3).Build();
        var expected = Toy.Run(sampler, 2).Values;
        var request = Toy.Request(2);
        using var condition = request.Condition;
        using var session = sampler.Start(request);
        session.Advance(TestContext.Current.CancellationToken);
        Assert.Throws<OperationCanceledException>(() => session.Advance(new CancellationToken(canceled: true)));
        session.RunToEnd(cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(expected, session.Latents.Floats());
    }

    [Fact]
    public void ASamplerWithinANetworkIsNamedByTheStepOutside()
    {
        using var broken = Denoiser.From(_net.Info, (_, _, _) => throw new FormatException("deep"));
        var within = Sampler.For(broken).FlowEuler(2).Build();
        using var network = Returning(x =>
        {
            using var labels = Conditioning.Labels(0, 1);
            using var result = within.Generate(new() { Condition = labels });
            return x;
        });
        Assert.Equal("Sampling failed at step 1 of 2 (time 1000), site network: deep", Message(Sampler.For(network).FlowEuler(3), "network"));
    }

    private sealed class Mute : Exception
    {
        public override string Message => throw new InvalidOperationException("no message");
    }

    private sealed class Disposing(Action dispose) : Run
    {
        public override void Dispose()
        {
            base.Dispose();
            dispose();
        }
    }
}
