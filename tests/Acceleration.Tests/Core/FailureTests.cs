using System.Runtime.InteropServices;
using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Core;

/// <summary>
/// Whatever fails in a step reaches the caller with step, site and cause; nothing stays alive (the base class checks) and the sampler goes on working.
/// </summary>
public sealed class FailureTests : LiveTensorTest
{
    private static readonly FormatException Cause = new("first line\nsecond line");
    private readonly ChainToy _net = new();

    public FailureTests() => Own(_net);

    private SamplerBuilder Plain => Sampler.For(_net).FlowEuler(3);

    private static T Fail<T>() => throw Cause;

    private static void FailIf(bool now) => _ = now ? Fail<int>() : 0;

    /// <summary>Fails in step 2 (index 1) wherever <paramref name="sampler"/> does, on this thread and on another.</summary>
    private static async Task<SamplingException> FailsIn(Sampler sampler, string? site)
    {
        var request = Toy.Request(2);
        using var condition = request.Condition;
        await Assert.ThrowsAsync<SamplingException>(() => sampler.GenerateAsync(request, cancellation: TestContext.Current.CancellationToken));
        var e = Assert.Throws<SamplingException>(() => sampler.Generate(request, cancellation: TestContext.Current.CancellationToken));
        Assert.Equal((1, site), (e.Step.Index, e.Site?.Path));
        return e;
    }

    [Fact]
    public async Task InABlock()
    {
        var expected = Toy.Run(Plain.Build(), 2).Values;
        var blocks = 0;
        // Block 1 of step 2 of each of the two requests: three blocks a step.
        _net.InBlock = _ => FailIf(blocks++ % 5 == 4);
        var e = await FailsIn(Plain.Build(), "blocks.1");
        Assert.Same(Cause, e.InnerException);
        Assert.Equal("Sampling failed at step 2 of 3 (time 666.667), site blocks.1: first line", e.Message);
        _net.InBlock = null;
        Assert.Equal(expected, Toy.Run(Plain.Build(), 2).Values);
    }

    [Fact]
    public async Task InLibtorch()
    {
        var blocks = 0;
        _net.InBlock = _ => zeros(2, 3).mm(zeros(blocks++ % 4 == 3 ? 2 : 3, 3));
        var e = await FailsIn(Plain.Build(), "blocks.0");
        Assert.IsType<ExternalException>(e.InnerException);
        Assert.DoesNotContain('\n', e.Message);
        Assert.Contains("mat1 and mat2 shapes cannot be multiplied", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("prediction")]
    [InlineData("network")]
    [InlineData("blocks.2")]
    [InlineData("blocks.2.ff")]
    public async Task InASiteHook(string path)
    {
        var expected = Toy.Run(Plain.Build(), 2).Values;
        var failing = true;
        var sampler = Plain.Use(Probe.Site(Where.Path(path), (call, h, next) => failing && call.Step.Index == 1 ? Fail<Value>() : next.Invoke(h))).Build();
        Assert.Same(Cause, (await FailsIn(sampler, path)).InnerException);
        failing = false;
        Assert.Equal(expected, Toy.Run(sampler, 2).Values);
    }

    [Fact]
    public async Task InAChainHook() =>
        await FailsIn(Plain.Use(Probe.Chain((call, h, next) => call.Step.Index == 1 ? Fail<Value>() : next.Invoke(h, 0, 3))).Build(), "blocks");

    [Fact]
    public async Task InAnAttentionHook() => await FailsIn(
        Plain.Use(Probe.Attention((call, i, next) => call.Step.Index == 1 ? Fail<Tensor>() : next.Invoke(i))).Build(), "blocks.0.attention");

    [Fact]
    public async Task InAnAttentionThatIsRaisedAlone()
    {
        var site = _net.Info.Sites["blocks.1.attention"];
        using var alone = Denoiser.From(_net.Info, (x, t, _, e) => e.Attend(site, t[0].item<float>() < 700 ? new(x, x, x.narrow(2, 0, 2)) : new(x, x, x)));
        Assert.IsType<ArgumentException>((await FailsIn(Sampler.For(alone).FlowEuler(3).Build(), site.Path)).InnerException);
    }

    [Fact]
    public async Task AfterABodyTheOuterSiteIsNamed() => await FailsIn(
        Plain.Use(Probe.Site(Where.Path("blocks.1"), (call, h, next) =>
        {
            var result = next.Invoke(h);
            return call.Step.Index == 1 ? Fail<Value>() : result;
        })).Build(),
        "blocks.1");

    [Fact]
    public async Task BeforeAndAfterTheStep()
    {
        await FailsIn(Plain.Use(Probe.Step(before: (s, x) => s.Index == 1 ? Fail<Tensor>() : x)).Build(), null);
        await FailsIn(Plain.Use(Probe.Step(after: (s, _, _) => FailIf(s.Index == 1))).Build(), null);
    }

    [Fact]
    public async Task WithTensorsInTheStores()
    {
        var remembering = new Probe("remembering")
        {
            Needs = new() { Sites = [new(Where.Blocks, HookPhase.Cache)] },
            Start = (_, store) => new Probe.SiteRun(
                (call, h, next) =>
                {
                    store.Push(call.Key("h"), call.Rows, h.Main);
                    return call is { Step.Index: 1, Site.Path: "blocks.2" } ? Fail<Value>() : next.Invoke(h);
                },
                store),
        };
        await FailsIn(Plain.Use(remembering).Build(), "blocks.2");
    }

    [Fact]
    public async Task AnOutputOfAnotherShape()
    {
        using var wrong = Denoiser.From(_net.Info, (x, t, _) => t[0].item<float>() < 700 ? x.narrow(3, 0, 3) : x);
        var e = await FailsIn(Sampler.For(wrong).FlowEuler(3).Build(), "network");
        Assert.Contains("chain returned float32 [2, 1, 4, 3] for latents float32 [2, 1, 4, 4]; expected float32 [2, 1, 4, 4].", e.Message.WithoutDevice(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AMissingConditionIsNamed()
    {
        using var asking = Denoiser.From(_net.Info, (x, t, c) => t[0].item<float>() < 700 ? c["text"] : x);
        Assert.Contains("'text', which was not given. Given: labels.", (await FailsIn(Sampler.For(asking).FlowEuler(3).Build(), "network")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ABranchThatNeitherNetworkNorRequestHave()
    {
        using var distilled = Denoiser.From(_net.Info with { Unconditional = null }, (x, _, _) => x);
        var wanting = new Probe("wanting") { Needs = new() { CombinesBranches = true }, Start = (_, _) => new WantsBoth() };
        var e = await FailsIn(Sampler.For(distilled).FlowEuler(3).Use(wanting).Build(), "network");
        Assert.Contains("chain has no unconditional branch and the request gives no negative condition", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenNoiseRunsOut()
    {
        using var epsilon = Toy.Constant(0.1, PredictionType.Epsilon);
        var draws = 0;
        var request = Toy.Request() with { Noise = new ScriptedNoise(size => draws++ == 2 ? Fail<Tensor>() : zeros([1, .. size])) };
        using var condition = request.Condition;
        var e = await Assert.ThrowsAsync<SamplingException>(
            () => Sampler.For(epsilon).Ddim(4, eta: 1).Build().GenerateAsync(request, cancellation: TestContext.Current.CancellationToken));
        Assert.Equal((1, null), (e.Step.Index, e.Site));
    }

    [Fact]
    public void WhenAStrategyCannotBegin()
    {
        var request = Toy.Request();
        using var condition = request.Condition;
        var sampler = Plain.Guidance(2).Use(new Probe("stuck") { Start = (_, _) => Fail<IRun>() }).Build();
        Assert.Same(Cause, Assert.Throws<FormatException>(() => sampler.Start(request)));
    }

    private sealed class WantsBoth : Run, ICombiner
    {
        public IReadOnlyList<int> Branches(StepInfo step) => step.Index == 1 ? [Branch.Conditional, Branch.Unconditional] : [Branch.Conditional];

        public Value Combine(StepInfo step, BranchOutputs outputs) => outputs[Branch.Conditional];
    }
}
