using Acceleration.Tests.Caching.Contract;
using Acceleration.Tests.Toys;

namespace Acceleration.Tests.Core;

/// <summary>A session that was saved after any step goes on, bit for bit, with what it remembered and what it had recorded.</summary>
public sealed class SessionSavingTests : LiveTensorTest
{
    private readonly ChainToy _net = new();
    // In memory where there is such a folder: every file is flushed to its disk.
    private readonly string _folder = Directory.CreateDirectory(Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"session-{Guid.NewGuid():N}")).FullName;

    public SessionSavingTests() => Own(_net);

    public static TheoryData<string> Names => KnownStrategy.Names;

    private string PathOf(string name) => Path.Combine(_folder, name);

    protected override void Release() => Directory.Delete(_folder, recursive: true);

    private static void Finish(SamplingSession session) => session.RunToEnd(cancellation: TestContext.Current.CancellationToken);

    /// <summary>Saves after every step, and compares what each file, or every so many, continues to with the session itself.</summary>
    private void EveryStep(Sampler sampler, SamplingRequest request, INoiseSource? noise = null, int first = 0, int every = 1)
    {
        using var condition = request.Condition;
        using var negative = request.Negative;
        using var session = sampler.Start(request);
        var files = new List<string>();
        do
        {
            files.Add(PathOf($"{files.Count}.session"));
            session.Save(files[^1]);
        }
        while (!session.IsFinished && (session.Advance(TestContext.Current.CancellationToken) || true));

        Assert.Equal(sampler.Steps + 1, files.Count);
        Assert.Equal(files.Count, Directory.GetFiles(_folder).Length);
        foreach (var (file, done) in files.Select((f, i) => (f, i)).Where(f => f.i % every == first))
        {
            using var resumed = SamplingSession.Load(sampler, file, noise);
            Assert.Equal(done, resumed.Done);
            if (done <= 1)
            {
                // The file is free: it may be written again while the session goes on.
                resumed.Save(file);
            }

            Finish(resumed);
            Same(session.Latents, resumed.Latents);
            Assert.Equal(session.Trace.Steps.Select(Told), resumed.Trace.Steps.Select(Told));
            Assert.Equal(session.Trace.Steps.SelectMany(s => s.Decisions), resumed.Trace.Steps.SelectMany(s => s.Decisions));
        }
    }

    private static object Told(StepTrace s) => (s.Step.ToString(), s.Rows, s.ComputedRows, s.MultiplyAdds, s.FullMultiplyAdds, s.HostReads, s.CacheBytes, s.PeakCacheBytes, s.CacheBytesGivenBack, string.Join(' ', s.CacheBytesOf), s.Recomputed);

    /// <summary>Every second step is gone on from: the even ones with one strategy, the odd ones with the next.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void WithEveryStrategy(string name)
    {
        var known = KnownStrategy.All[name];
        using var network = known.Network();
        EveryStep(KnownStrategy.Guided(network, known.Active), Toy.Request(3), first: Array.IndexOf([.. KnownStrategy.All.Keys], name) % 2, every: 2);
    }

    [Theory]
    [InlineData("blocks, last value", 2)]
    [InlineData("attention, parabola", 3)]
    [InlineData("EasyCache + DeltaDiT", 2)]
    public void WithABudgetThatGivesBack(string name, int part)
    {
        var known = KnownStrategy.All[name];
        var budget = known.Held(3) / part;
        var sampler = KnownStrategy.With(Sampler.For(_net).FlowEuler(KnownStrategy.Steps, stochastic: true).Guidance(2.5), known.Active).CacheBudget(budget).Build();
        EveryStep(sampler, Toy.Request(3));
        Assert.True(Toy.Run(sampler, 3).Trace.Steps.Sum(s => s.CacheBytesGivenBack) > 0);
    }

    /// <summary>The clean latents that end a stage are kept for the next one's start, and no longer.</summary>
    [Fact]
    public void WithStagesAndNoPreviews()
    {
        var grid = Sampler.For(_net).FlowEuler(3).Build().Stages[0].Grid;
        Stage[] stages = [new([1, 2, 2], grid), new([1, 4, 4], grid)];
        EveryStep(Sampler.For(_net).Solve(new FlowEuler(), stages).Build(), Toy.Request(2));
    }

    [Fact]
    public void WithStages()
    {
        var grid = Sampler.For(_net).FlowEuler(3).Build().Stages[0].Grid;
        Stage[] stages = [new([1, 2, 2], grid), new([1, 4, 4], grid)];
        EveryStep(Sampler.For(_net).Solve(new FlowEuler(), stages).Guidance(2).Use(new EasyCache(2.5, 1)).Build(), Toy.Request(2) with { PreviewEvery = 1 });
    }

    [Fact]
    public void WithStochasticStepsAndANegativeCondition()
    {
        using var epsilon = new ChainToy(type: PredictionType.Epsilon);
        var request = Toy.Request(2) with { Negative = Conditioning.Labels(4), Seed = long.MaxValue - 1 };
        EveryStep(Sampler.For(epsilon).Ddim(5, eta: 1).Guidance(3).SeparateBranches().Use(new EasyCache(5)).Build(), request);
    }

    [Fact]
    public void WithAHistoryAndSeveralCallsInAStep() =>
        EveryStep(Sampler.For(_net).Solve(new Remembering(), Sampler.For(_net).FlowEuler(4).Build().Stages[0].Grid).Use(new Cached(Where.Blocks, new Interval(2), How.LastValue)).Build(), Toy.Request(2));

    [Fact]
    public void WithANoiseSourceOfTheRequest()
    {
        using var noise = new SeededNoise(99, 2);
        var sampler = Sampler.For(_net).FlowEuler(4, stochastic: true).Build();
        EveryStep(sampler, Toy.Request(2) with { Noise = noise }, noise);

        var e = Assert.Throws<CheckpointException>(() => SamplingSession.Load(sampler, PathOf("2.session")));
        Assert.Contains("brought a noise source of its own", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PreviewsGoOn()
    {
        var request = Toy.Request(2) with { PreviewEvery = 2 };
        using var condition = request.Condition;
        var sampler = Sampler.For(_net).FlowEuler(4).Build();
        using var session = sampler.Start(request);
        session.Advance(TestContext.Current.CancellationToken);
        session.Save(PathOf("s"));
        using var resumed = SamplingSession.Load(sampler, PathOf("s"));
        Assert.Equal(session.Preview().Values, resumed.Preview().Values);
        var previews = new List<int>();
        resumed.RunToEnd(new Reports<SamplingProgress>(p => previews.AddRange(p.Preview is null ? [] : [p.Step])), TestContext.Current.CancellationToken);
        Assert.Equal([2, 4], previews);
    }

    [Fact]
    public void AnotherSamplerIsRefusedWithEveryDifference()
    {
        var request = Toy.Request(2);
        using var condition = request.Condition;
        using (var session = Sampler.For(_net).FlowEuler(4).Guidance(2).Build().Start(request))
        {
            session.Advance(TestContext.Current.CancellationToken);
            session.Save(PathOf("s"));
        }

        using var other = new ChainToy(blocks: 4);
        Refused(Sampler.For(_net).FlowEuler(4).Guidance(3).Build(), "strategies CFG2, here CFG3");
        Refused(Sampler.For(_net).FlowEuler(5).Guidance(2).Build(), "noise levels ");
        Refused(Sampler.For(_net).FlowEuler(4, stochastic: true).Guidance(2).Build(), "solver flow-euler, here flow-euler");
        Refused(Sampler.For(_net).FlowEuler(4).Guidance(2).SeparateBranches().Build(), "separate branches False, here True");
        Refused(Sampler.For(other).FlowEuler(4).Build(), "network ", "strategies CFG2, here none");
    }

    private void Refused(Sampler sampler, params string[] reasons)
    {
        var e = Assert.Throws<CheckpointException>(() => SamplingSession.Load(sampler, PathOf("s")));
        Assert.Contains("it was saved by another sampler: ", e.Message, StringComparison.Ordinal);
        Assert.All(reasons, r => Assert.Contains(r, e.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void AFailedSaveKeepsTheFileBefore()
    {
        var request = Toy.Request();
        using var condition = request.Condition;
        var sampler = Sampler.For(_net).FlowEuler(3).Build();
        using var session = sampler.Start(request);
        session.Save(PathOf("s"));
        var before = File.ReadAllBytes(PathOf("s"));
        Assert.ThrowsAny<IOException>(() => session.Save(PathOf("none/s")));
        Directory.CreateDirectory(PathOf("folder"));
        Assert.ThrowsAny<IOException>(() => session.Save(PathOf("folder")));
        Assert.Equal(before, File.ReadAllBytes(PathOf("s")));
        session.Dispose();
        Assert.Throws<ObjectDisposedException>(() => session.Save(PathOf("s")));
    }

    /// <summary>Two calls a step, and a history that is filled as it goes.</summary>
    private sealed record Remembering : ISolver
    {
        public string Name => "remembering";

        public int Calls(Schedule grid, int step) => 2;

        public SolverInput Input(in SolverState state, Schedule grid, int step, int call) => new(state.Latents, state.Latents, call == 0 ? grid.Points[step] : grid.Targets[step]);

        public SolverUpdate Step(in SolverState state, Schedule grid, int step, int call, Prediction now)
        {
            var slope = state.History.Aggregate(now.LeadingVelocity, (sum, h) => sum + (h * 0.25));
            var mean = state.Latents + (slope * ((grid.Targets[step].Sigma - grid.Points[step].Sigma) / 2));
            return new(mean, null, new(mean, [now.LeadingVelocity, .. state.History.Take(2)]));
        }
    }

    private sealed class Reports<T>(Action<T> report) : IProgress<T>
    {
        public void Report(T value) => report(value);
    }
}
