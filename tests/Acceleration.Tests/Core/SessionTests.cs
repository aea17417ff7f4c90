using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Core;

public sealed class SessionTests : LiveTensorTest
{
    private readonly ChainToy _net = new(type: PredictionType.Epsilon);

    public SessionTests() => Own(_net);

    private Sampler Stochastic => Sampler.For(_net).Ddim(8, eta: 1).Guidance(2).Use(new EasyCache(5)).Build();

    [Fact]
    public async Task StepByStepEqualsOneGoEqualsAnotherThread()
    {
        var sampler = Stochastic;
        var request = Toy.Request(2);
        using var condition = request.Condition;
        using var session = sampler.Start(request);
        var steps = 0;
        while (session.Advance(TestContext.Current.CancellationToken))
        {
            Assert.Equal((++steps, steps), (session.Done, session.Step));
        }

        Assert.Equal((8, true), (session.Done, session.IsFinished));
        using var whole = sampler.Generate(request, cancellation: TestContext.Current.CancellationToken);
        using var elsewhere = await sampler.GenerateAsync(request, cancellation: TestContext.Current.CancellationToken);
        Same(session.Latents, whole.Latents);
        Same(session.Latents, elsewhere.Latents);
        Assert.Equal(session.Trace.MultiplyAdds, elsewhere.Trace.MultiplyAdds);
        Assert.True(whole.Trace.Evaluations < whole.Trace.FullEvaluations);
    }

    [Fact]
    public void ARequestWithItsOwnNoiseCanBeRunAgain()
    {
        using var noise = new SeededNoise(7, 2);
        var request = Toy.Request(2) with { Noise = noise };
        using var condition = request.Condition;
        using var first = Stochastic.Generate(request, cancellation: TestContext.Current.CancellationToken);
        using var second = Stochastic.Generate(request, cancellation: TestContext.Current.CancellationToken);
        using var seeded = Stochastic.Generate(request with { Noise = null, Seed = 7 }, cancellation: TestContext.Current.CancellationToken);

        Same(first.Latents, second.Latents);
        Same(first.Latents, seeded.Latents);
    }

    [Fact]
    public async Task SamplesWithoutAConditionHaveAShortFormAndASize()
    {
        using var toy = new UNetToy();
        using var network = Denoiser.From(toy.Info with { Classes = 0 }, toy.Predict);
        var sampler = Sampler.For(network).FlowEuler(2).Build();
        using var condition = Conditioning.None(2);
        using var expected = sampler.Generate(new() { Condition = condition, Seed = 4, Size = [1, 16, 8] }, cancellation: TestContext.Current.CancellationToken);
        using var result = await sampler.GenerateAsync(2, seed: 4, size: [1, 16, 8], cancellation: TestContext.Current.CancellationToken);
        Same(expected.Latents, result.Latents);
    }

    [Fact]
    public async Task LabelsAreAShortFormOfARequest()
    {
        var sampler = Sampler.For(_net).Ddim(3).Build();
        using var result = await sampler.GenerateAsync([0, 1], seed: 5, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(Toy.Run(sampler, 2).Values, result.Latents.Floats());
    }

    [Fact]
    public void ACloneContinuesBitForBit()
    {
        var request = Toy.Request(2);
        using var condition = request.Condition;
        using var session = Stochastic.Start(request);
        for (var i = 0; i < 4; i++)
        {
            session.Advance(TestContext.Current.CancellationToken);
        }

        using var clone = session.Clone();
        using var reference = session.Clone();
        Same(session.Latents, clone.Latents);
        session.RunToEnd(cancellation: TestContext.Current.CancellationToken);
        var expected = session.Latents.Floats();
        session.Dispose();

        clone.Advance(TestContext.Current.CancellationToken);
        reference.RunToEnd(cancellation: TestContext.Current.CancellationToken);
        clone.RunToEnd(cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(expected, clone.Latents.Floats());
        Assert.Equal(expected, reference.Latents.Floats());
        Assert.Equal(session.Trace.Steps.SelectMany(s => s.Decisions), clone.Trace.Steps.SelectMany(s => s.Decisions));
        Assert.Contains(clone.Trace.Steps.Skip(4).SelectMany(s => s.Decisions), d => d.Skip);
    }

    [Fact]
    public void AFinishedSessionCanBeCloned()
    {
        var request = Toy.Request();
        using var condition = request.Condition;
        using var session = Stochastic.Start(request);
        session.RunToEnd(cancellation: TestContext.Current.CancellationToken);
        using var clone = session.Clone();
        Assert.True(clone.IsFinished);
        Same(session.Latents, clone.Latents);
    }

    [Fact]
    public void TheRunsOfACloneKnowTheirStage()
    {
        var told = new List<int>();
        var strategy = new Probe("staged") { Start = (_, _) => new StageRun(told) };
        var request = Toy.Request();
        using var condition = request.Condition;
        using var session = Sampler.For(_net).Ddim(3).Use(strategy).Build().Start(request);
        session.Advance(TestContext.Current.CancellationToken);
        using var clone = session.Clone();
        clone.Advance(TestContext.Current.CancellationToken);
        Assert.Equal([3, 3], told);
    }

    [Fact]
    public void AFinishedOrDisposedSessionRefusesSteps()
    {
        var request = Toy.Request();
        using var condition = request.Condition;
        var session = Sampler.For(_net).Ddim(2).Build().Start(request);
        session.RunToEnd(cancellation: TestContext.Current.CancellationToken);
        Assert.Equal("All 2 steps are done.", Assert.Throws<InvalidOperationException>(() => session.Advance(TestContext.Current.CancellationToken)).Message);
        session.Dispose();
        session.Dispose();
        Assert.Throws<ObjectDisposedException>(() => session.Advance(TestContext.Current.CancellationToken));
        Assert.Throws<ObjectDisposedException>(() => session.Clone());
    }

    [Fact]
    public void StepHooksSeeAndReplaceTheLatents()
    {
        var seen = new List<int>();
        using var constant = Toy.Constant(0);
        var hook = Probe.Step((step, x) => step.Index == 1 ? x + 1 : x, (step, x, next) =>
        {
            seen.Add(step.Index);
            Assert.Equal(x.Floats(), next.Floats());
        });
        using var scope = NewDisposeScope();
        using var noise = new SeededNoise(5, 1);
        var (values, _) = Toy.Run(Sampler.For(constant).FlowEuler(3).Use(hook).Build());
        Assert.Equal([0, 1, 2], seen);
        Assert.Equal((noise.Draw([1, 4, 4]) + 1).Floats(), values);
    }

    private sealed class StageRun(List<int> told) : Run, IStepHook
    {
        private int _steps;

        public override void StageChanged(in StageInfo stage) => _steps = stage.Grid.Steps;

        public Tensor Before(StepInfo step, Tensor latents)
        {
            told.Add(_steps);
            return latents;
        }

        public void After(StepInfo step, Tensor latents, Tensor next)
        {
        }
    }
}
