using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Core;

/// <summary>A resolution change between stages.</summary>
public sealed class StageTests : CoreTest
{
    private static readonly long[] Small = [1, 4, 4];
    private static readonly long[] Large = [1, 8, 8];
    private readonly ChainToy _net = new();

    public StageTests() => Own(_net);

    private static Schedule Grid(params double[] sigmas) => FlowSchedule.FromSigmas(sigmas);

    private static Stage[] TwoStages => [new(Small, Grid(1, 0.75, 0.5)), new(Large, Grid(0.6, 0.3))];

    private static (float[] Values, long[] Shape, Trace Trace) Run(Sampler sampler, SamplingRequest request)
    {
        using var condition = request.Condition;
        using var result = sampler.Generate(request, cancellation: TestContext.Current.CancellationToken);
        return (result.Latents.Floats(), result.Latents.shape, result.Trace);
    }

    [Fact]
    public void OneStageIsThePlainRun()
    {
        var grid = Grid(1, 0.75, 0.5);
        var plain = Toy.Run(Sampler.For(_net).Solve(new FlowEuler { Stochastic = true }, grid).Build(), 2).Values;
        Assert.Equal(plain, Toy.Run(Sampler.For(_net).Solve(new FlowEuler { Stochastic = true }, [new Stage(null, grid)]).Build(), 2).Values);
        Assert.Equal(plain, Toy.Run(Sampler.For(_net).Solve(new FlowEuler { Stochastic = true }, [new Stage(Small, grid)]).Build(), 2).Values);
    }

    [Fact]
    public void TwoStagesResampleTheCleanPredictionAndNoiseItAgain()
    {
        const float c = 0.25f;
        using var constant = Toy.Constant(c);
        var draws = new List<Tensor>();
        var request = Toy.Request(2) with
        {
            Noise = new ScriptedNoise(size =>
            {
                draws.Add(randn([2, .. size]).alias().DetachFromDisposeScope());
                return draws[^1].alias();
            }),
        };
        var (values, shape, trace) = Run(Sampler.For(constant).Solve(new FlowEuler(), TwoStages).Build(), request);
        Assert.Equal([2, 1, 8, 8], shape);
        Assert.Equal([(0, 0), (0, 1), (0, 2), (1, 0), (1, 1)], trace.Steps.Select(s => (s.Step.Stage, s.Step.Index)));
        // m = c: the clean prediction of the first stage is its noise − c; each pixel becomes four; then 0.6 of c is taken off again.
        Assert.Equal([2, 1, 4, 4], draws[0].shape);
        var clean = (draws[0] - c).repeat_interleave(2, 2).repeat_interleave(2, 3);
        Near(((clean * 0.4) + (draws[1] * 0.6) - (c * 0.6)).Floats(), values);
        draws.ForEach(d => d.Dispose());
    }

    /// <summary>Steps count within their stage, and over the run.</summary>
    [Fact]
    public void StepsCountInTheirStageAndOverTheRun()
    {
        var seen = new List<StepInfo>();
        var sampler = Sampler.For(_net).Solve(new FlowEuler(), TwoStages).Use(Probe.Step((step, x) =>
        {
            seen.Add(step);
            return x;
        })).Build();
        var trace = Run(sampler, Toy.Request(1)).Trace;
        Assert.Equal([(0, 0, 0), (0, 1, 1), (0, 2, 2), (1, 0, 3), (1, 1, 4)], seen.Select(s => (s.Stage, s.Index, s.RunIndex)));
        Assert.Equal([3, 3, 3, 2, 2], seen.Select(s => s.Count));
        Assert.All(seen, s => Assert.Equal(5, s.RunCount));
        Assert.Equal([0, 0.2, 0.4, 0.6, 0.8], seen.Select(s => s.RunProgress));
        Assert.Equal([0, 1 / 3.0, 2 / 3.0, 0, 0.5], seen.Select(s => s.Progress));
        Assert.Equal(seen, trace.Steps.Select(s => s.Step));

        var plain = Run(Sampler.For(_net).FlowEuler(3).Build(), Toy.Request(1)).Trace;
        Assert.All(plain.Steps, s => Assert.Equal((s.Step.Index, s.Step.Count, s.Step.Progress), (s.Step.RunIndex, s.Step.RunCount, s.Step.RunProgress)));
    }

    [Fact]
    public void ALoadedSessionsTraceCountsOverTheRunToo()
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.session");
        var sampler = Sampler.For(_net).Solve(new FlowEuler(), TwoStages).Build();
        var request = Toy.Request(1);
        using var condition = request.Condition;
        using var session = sampler.Start(request);
        for (var k = 0; k < 4; k++)
        {
            session.Advance(TestContext.Current.CancellationToken);
        }

        session.Save(path);
        using var loaded = SamplingSession.Load(sampler, path);
        File.Delete(path);
        Assert.Equal(session.Trace.Steps.Select(s => s.Step), loaded.Trace.Steps.Select(s => s.Step));
        Assert.Equal(3, loaded.Trace.Steps[^1].Step.RunIndex);
    }

    [Fact]
    public void NoiseIsDrawnInAFixedOrder()
    {
        var sizes = new List<string>();
        var request = Toy.Request() with
        {
            Noise = new ScriptedNoise(size =>
            {
                sizes.Add(string.Join('x', size));
                return zeros([1, .. size]);
            }),
        };
        Run(Sampler.For(_net).Solve(new FlowEuler { Stochastic = true }, TwoStages).Build(), request);
        // First latents, three steps; the second stage's noise, two steps.
        Assert.Equal(["1x4x4", "1x4x4", "1x4x4", "1x4x4", "1x8x8", "1x8x8", "1x8x8"], sizes);
    }

    [Fact]
    public void StoresAreEmptiedAndRunsAreTold()
    {
        var (depths, stages) = (new List<int>(), new List<string>());
        var strategy = new Probe("staged")
        {
            Needs = new() { Sites = [new(Where.Path("blocks.0"), HookPhase.Cache)] },
            Start = (_, store) => new Staged(store, depths, stages),
        };
        Toy.Run(Sampler.For(_net).Solve(new FlowEuler(), TwoStages).Use(strategy).Build());
        Assert.Equal([0, 1, 2, 0, 1], depths);
        Assert.Equal(["0: 3 steps at 1x4x4", "1: 2 steps at 1x8x8"], stages);
        Assert.Equal([16, 16, 16, 64, 64], _net.Calls.Where(c => c.Site == "blocks.0").Select(c => c.Tokens));
    }

    [Fact]
    public void TheSolversHistoryRestarts()
    {
        var lengths = new List<int>();
        Toy.Run(Sampler.For(_net).Solve(new Multistep(lengths), TwoStages).Build());
        Assert.Equal([0, 1, 2, 0, 1], lengths);
    }

    [Fact]
    public void ACachedRunEqualsItsStages()
    {
        // The cache starts anew at each stage, so its first steps are computed there too.
        var trace = Toy.Run(Sampler.For(_net).Solve(new FlowEuler(), TwoStages).Use(new Cached(Where.Network, new Interval(2, ForceLast: false), How.LastResidual)).Build()).Trace;
        Assert.Equal([1, 0, 1, 1, 0], trace.Steps.Select(s => s.ComputedRows));
    }

    [Fact]
    public void AStageMayHandOnTheCleanLatentsAsTheyAre()
    {
        Stage[] stages = [new(null, Grid(1, 0.5)), new(null, Grid(0.5)) { Resample = (clean, _) => clean, Renoise = (clean, _, _) => clean }];
        var request = Toy.Request() with { PreviewEvery = 1 };
        var (values, _, trace) = Run(Sampler.For(_net).Solve(new FlowEuler(), stages).Build(), request);
        Assert.Equal(3, trace.Steps.Count);
        Assert.All(values, v => Assert.True(float.IsFinite(v)));
    }

    [Fact]
    public void GivenLatentsHaveTheFirstStagesSize()
    {
        var sampler = Sampler.For(_net).Solve(new FlowEuler(), TwoStages).Build();
        var shape = Run(sampler, Toy.Request() with { Size = Large, Latents = zeros(1, 1, 4, 4) }).Shape;
        Assert.Equal([1, 1, 8, 8], shape);
        var wrong = Toy.Request() with { Size = Large, Latents = zeros(1, 1, 8, 8) };
        Assert.Contains("[1, 1, 4, 4]", Assert.Throws<ArgumentException>(() => Run(sampler, wrong)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AFailingResampleNamesItsStepAndLeavesNothing()
    {
        Stage[] stages = [TwoStages[0], TwoStages[1] with { Resample = (_, _) => throw new FormatException("no") }];
        var e = Assert.Throws<SamplingException>(() => Toy.Run(Sampler.For(_net).Solve(new FlowEuler(), stages).Build()));
        Assert.Equal((0, 2), (e.Step.Stage, e.Step.Index));
    }

    [Fact]
    public void ACloneCrossesTheBoundary()
    {
        var request = Toy.Request();
        using var condition = request.Condition;
        using var session = Sampler.For(_net).Solve(new FlowEuler { Stochastic = true }, TwoStages).Build().Start(request);
        session.Advance(TestContext.Current.CancellationToken);
        using var clone = session.Clone();
        session.RunToEnd(cancellation: TestContext.Current.CancellationToken);
        clone.RunToEnd(cancellation: TestContext.Current.CancellationToken);
        Same(session.Latents, clone.Latents);
    }

    private sealed class Staged(RunStore store, List<int> depths, List<string> stages) : Run, ISiteHook
    {
        public override void StageChanged(in StageInfo stage) => stages.Add($"{stage.Index}: {stage.Grid.Steps} steps at {string.Join('x', stage.Size)}");

        public Value Invoke(in SiteCall call, Value input, SiteNext next)
        {
            depths.Add(store.Depth(call.Key("h"), call.Rows[0]));
            store.Push(call.Key("h"), call.Rows, input.Main, keep: 5);
            return next.Invoke(input);
        }
    }

    private sealed class Multistep(List<int> lengths) : ISolver
    {
        private readonly FlowEuler _euler = new();

        public string Name => "multistep";

        public int Calls(Schedule grid, int step) => 1;

        public SolverInput Input(in SolverState state, Schedule grid, int step, int call) => _euler.Input(state, grid, step, call);

        public SolverUpdate Step(in SolverState state, Schedule grid, int step, int call, Prediction now)
        {
            lengths.Add(state.History.Length);
            var update = _euler.Step(state, grid, step, call, now);
            return update with { Next = update.Next with { History = state.History.Insert(0, now.X0) } };
        }
    }
}
