using Acceleration.Tests.Core;
using Acceleration.Tests.Toys;

namespace Acceleration.Tests.Sampling.Schedulers;

/// <summary>Solvers in sigma space within whole samplers: batches, guidance, caches, sessions on disk, and schedules they cannot follow.</summary>
public sealed class SigmaSessionTests : CoreTest
{
    private const int Samples = 2;

    private readonly ChainToy _chain = new(type: PredictionType.Epsilon);

    public SigmaSessionTests() => Own(_chain);

    public static TheoryData<ISolver> Solvers =>
    [
        new Euler(), new Euler { Churn = new(3) }, new EulerAncestral(), new Heun(), new Kdpm2(), new Kdpm2 { Ancestral = true }, new Lms(), new EdmEuler { Churn = new(3) }, new EdmHeun { Churn = new(3) }, new FlowHeun { Churn = new(3) },
    ];

    [Theory]
    [MemberData(nameof(Solvers))]
    public void ABatchOfTwoIsTwoSingles(ISolver solver)
    {
        using var net = Toy.Affine(0.3, 0.1, shift: 0.05, TypeFor(solver));
        var sampler = Sampler.For(net).Solve(solver, GridFor(solver, 6)).Guidance(2).Build();
        var (batch, trace) = Toy.Run(sampler, Samples);
        Assert.Equal(2 * Calls(sampler), trace.Evaluations);
        for (var i = 0; i < Samples; i++)
        {
            using var condition = Conditioning.Labels(i);
            using var single = sampler.Generate(new() { Condition = condition, Seed = 5 + i }, cancellation: TestContext.Current.CancellationToken);
            Assert.Equal(single.Latents.Floats(), batch[(i * batch.Length / Samples)..((i + 1) * batch.Length / Samples)]);
        }
    }

    [Theory]
    [MemberData(nameof(Solvers))]
    public void GuidanceOfScaleOneAndACacheThatSkipsNothingChangeNoBit(ISolver solver)
    {
        using var net = Toy.Affine(0.3, 0.1, shift: 0.05, TypeFor(solver));
        var plain = Toy.Run(Sampler.For(net).Solve(solver, GridFor(solver, 6)).Build(), Samples).Values;
        var neutral = Sampler.For(net).Solve(solver, GridFor(solver, 6)).Guidance(1).Use(new EasyCache(0)).Build();
        Assert.Equal(plain, Toy.Run(neutral, Samples).Values);
    }

    [Theory]
    [MemberData(nameof(Solvers))]
    public void ASavedSessionGoesOnAsIfNothingHadBeen(ISolver solver)
    {
        using var net = Toy.Affine(0.3, 0.1, shift: 0.05, TypeFor(solver));
        var sampler = Sampler.For(net).Solve(solver, GridFor(solver, 6)).Guidance(2).Build();
        var expected = Toy.Run(sampler, Samples).Values;
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.session");
        try
        {
            var request = Toy.Request(Samples);
            using var condition = request.Condition;
            using (var session = sampler.Start(request))
            {
                session.Advance(TestContext.Current.CancellationToken);
                session.Advance(TestContext.Current.CancellationToken);
                session.Save(path);
            }

            using var resumed = SamplingSession.Load(sampler, path);
            using var clone = resumed.Clone();
            resumed.RunToEnd(cancellation: TestContext.Current.CancellationToken);
            clone.RunToEnd(cancellation: TestContext.Current.CancellationToken);
            Assert.Equal(expected, resumed.Latents.Floats());
            Assert.Equal(expected, clone.Latents.Floats());
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void ASessionOfOtherDataIsNotContinued()
    {
        using var net = Toy.Constant(0.1, PredictionType.Preconditioned);
        Sampler For(double data) => Sampler.For(net).Solve(new EdmHeun(), new EdmGrid(6) { SigmaData = data }).Build();
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.session");
        try
        {
            var request = Toy.Request();
            using var condition = request.Condition;
            using (var session = For(0.5).Start(request))
            {
                session.Advance(TestContext.Current.CancellationToken);
                session.Save(path);
            }

            Assert.Contains("edm6", Assert.Throws<CheckpointException>(() => SamplingSession.Load(For(0.6), path)).Message);
            using var same = SamplingSession.Load(For(0.5), path);
            Assert.Equal(1, same.Step);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void CachesDecideInEachCallOfAStep()
    {
        foreach (var solver in (ISolver[])[new Euler(), new Heun(), new Kdpm2(), new Lms()])
        {
            var (values, trace) = Toy.Run(Sampler.For(_chain).Solve(solver, GridFor(solver, 20)).Guidance(2).Use(new AdaptiveGuidance(0.9)).Use(new EasyCache(0.3)).Build(), Samples);
            Assert.Contains(trace.Steps, s => s.ComputedRows < s.Rows);
            Assert.All(values, v => Assert.True(float.IsFinite(v)));
        }
    }

    [Fact]
    public void TheNetworkSeesUnitVariance()
    {
        // The exact network for data of unit variance: x = √ᾱ·x0 + √(1 − ᾱ)·ε has it at all levels.
        var seen = new List<float>();
        using var net = Denoiser.From(Toy.Info("gaussian", PredictionType.Epsilon), (x, t, _) =>
        {
            seen.Add(x.std().Floats()[0]);
            return x * Toy.Noise.At((long)Math.Round(t.Floats()[0])).Sigma;
        });
        foreach (var solver in (ISolver[])[new Heun(), new Kdpm2(), new Lms()])
        {
            seen.Clear();
            Toy.Run(Sampler.For(net).Solve(solver, new SigmaGrid(30) { Shape = SigmaShape.Karras }).Build(), 8);
            Assert.True(seen.Count >= 30);
            Assert.All(seen, s => Assert.InRange(s, 0.8, 1.2));
        }
    }

    [Fact]
    public void EachHasANameAtTheBuilder()
    {
        using var net = Toy.Constant(0, PredictionType.Epsilon);
        using var flow = Toy.Constant(0);
        using var edm = Toy.Constant(0, PredictionType.Preconditioned);
        Assert.Equal("euler20karras", Sampler.For(net).Euler(20, SigmaShape.Karras).Build().Tag);
        Assert.Equal("eulerchurn40min0.05max50n1.003,,20", Sampler.For(net).Euler(20, churn: new(40, 0.05, 50, 1.003)).Build().Tag);
        Assert.Equal("euler-a20", Sampler.For(net).EulerAncestral(20).Build().Tag);
        Assert.Equal("heun20", Sampler.For(net).Heun(20).Build().Tag);
        Assert.Equal("kdpm20", Sampler.For(net).Kdpm2(20).Build().Tag);
        Assert.Equal("kdpma20beta", Sampler.For(net).Kdpm2(20, SigmaShape.Beta, ancestral: true).Build().Tag);
        Assert.Equal("lmso320exponential", Sampler.For(net).Lms(20, SigmaShape.Exponential, order: 3).Build().Tag.Replace(",", "", StringComparison.Ordinal));
        Assert.Equal("edm-heun18", Sampler.For(edm).EdmHeun(18).Build().Tag);
        Assert.Equal("edm-euler18", Sampler.For(edm).EdmEuler(18).Build().Tag);
        Assert.Equal("flow-heun20s3", Sampler.For(flow).FlowHeun(20, 3).Build().Tag);
        Assert.All(Solvers.Select(s => s.Data), s => Assert.Equal(s, AccelerationPlan.Parse(new AccelerationPlan { Solver = s, Schedule = GridFor(s, 5) }.Tag).Solver));
    }

    [Fact]
    public void SchedulesOfAnotherKindAreRefusedWhenTheSamplerIsBuilt()
    {
        using var net = Toy.Constant(0, PredictionType.Epsilon);
        foreach (var solver in Solvers.Select(s => s.Data))
        {
            var message = Refused(() => Sampler.For(net).Solve(solver, new DdimGrid(5)));
            Assert.Contains(solver is FlowHeun ? "flow" : nameof(SigmaGrid), message);
            Assert.Contains("Step 0 of schedule ddim-linspace", message);
        }

        Assert.Contains("scaled latents", Refused(() => Sampler.For(net).Solve(new Ddim(), new SigmaGrid(5))));
        var bare = SigmaSolverTests.Grid(new SigmaGrid(5));
        var unnamed = new Schedule("bare", bare.Points, bare.Targets);
        Assert.Contains(nameof(Schedule.Level), Refused(() => Sampler.For(net).Solve(new Kdpm2(), unnamed)));
        Assert.Contains(nameof(Schedule.Level), Refused(() => Sampler.For(net).Solve(new EdmHeun { Churn = new(3) }, unnamed)));
        Assert.NotNull(Sampler.For(net).Solve(new EdmHeun(), unnamed).Build());
        Assert.Contains("not in sigma space", Assert.Throws<ArgumentException>(() => new Euler().Step(default, FlowSchedule.Make(2), 0, 0, null!)).Message);

        static string Refused(Func<SamplerBuilder> make) => Assert.Throws<ArgumentException>(() => make().Build()).Message;
    }

    private static PredictionType TypeFor(ISolver solver) => solver is FlowHeun ? PredictionType.Flow : solver is EdmEuler or EdmHeun ? PredictionType.Preconditioned : PredictionType.Epsilon;

    private static IGrid GridFor(ISolver solver, int steps) => solver is FlowHeun ? new FlowGrid(steps) : solver is EdmEuler or EdmHeun ? new EdmGrid(steps) : new SigmaGrid(steps) { Shape = SigmaShape.Karras };

    private static int Calls(Sampler sampler) => Enumerable.Range(0, sampler.Steps).Sum(k => sampler.Solver.Calls(sampler.Stages[0].Grid, k));
}
