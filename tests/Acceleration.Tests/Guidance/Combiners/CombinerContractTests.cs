using Acceleration.Tests.Core;
using Acceleration.Tests.Plans;
using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Guidance;

/// <summary>What holds for every way to combine branches.</summary>
public sealed class CombinerContractTests : LiveTensorTest
{
    private readonly ChainToy _network = new();

    public CombinerContractTests() => Own(_network);

    public static TheoryData<string> Names => KnownCombiner.Names;

    public static TheoryData<string> WithOff => KnownCombiner.WithOff;

    public static TheoryData<string> WithPlain => KnownCombiner.WithPlain;

    /// <summary>What arrives later must not stay out of the tests that hold for all.</summary>
    [Fact]
    public void EveryCombinerOfTheLibraryHasALine()
    {
        var known = KnownCombiner.All.Values.SelectMany(k => k.Active).Select(s => s.GetType()).ToHashSet();
        var drawn = new Drawn(new Random(1));
        Type[] combiners = [.. PlanVocabulary.Default.Types.Where(t => t.IsAssignableTo(typeof(IStrategy)) && ((IStrategy)drawn.Entry(t)).Needs.CombinesBranches)];
        Assert.True(combiners.Length >= 9);
        // Its second branch is another network's, or lacks blocks that the networks here have not: tests of its own hold it.
        var missing = combiners.Except([typeof(AutoGuidance)]).Where(t => !known.Contains(t)).Select(t => t.Name);
        Assert.True(!missing.Any(), $"{string.Join(", ", missing)} combine branches by their {nameof(Requirements)}: add a line to {nameof(KnownCombiner)}.All (tests/Acceleration.Tests/Guidance/Combiners).");
    }

    [Theory]
    [MemberData(nameof(WithOff))]
    public void WhatIsOffIsTheConditionAloneBitForBit(string name)
    {
        var (plain, _) = Toy.Run(KnownCombiner.On(_network), 2);
        var (values, trace) = Toy.Run(KnownCombiner.On(_network, KnownCombiner.All[name].Off), 2);
        Assert.Equal(plain, values);
        Assert.Equal(KnownCombiner.Steps, trace.Evaluations);
    }

    [Theory]
    [MemberData(nameof(WithPlain))]
    public void TheNeutralSettingIsPlainGuidanceBitForBit(string name)
    {
        using var network = new ChainToy(3, PredictionType.Epsilon);
        foreach (var eta in new[] { 0, 1.0 })
        {
            SamplerBuilder Builder() => Sampler.For(network).Ddim(KnownCombiner.Steps, eta: eta);
            var (plain, full) = Toy.Run(Builder().Guidance(KnownCombiner.Scale).Build(), 3);
            var (values, trace) = Toy.Run(KnownCombiner.With(Builder(), KnownCombiner.All[name].Plain).Build(), 3);
            Assert.Equal(plain, values);
            Assert.Equal(full.Evaluations, trace.Evaluations);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void TheActiveSettingIsNeitherPlainGuidanceNorTheCondition(string name)
    {
        var (values, trace) = Toy.Run(KnownCombiner.On(_network, KnownCombiner.All[name].Active), 2);
        Assert.All(values, v => Assert.True(float.IsFinite(v)));
        Assert.NotEqual(Toy.Run(KnownCombiner.On(_network), 2).Values, values);
        Assert.NotEqual(Toy.Run(KnownCombiner.On(_network, new ClassifierFreeGuidance(KnownCombiner.Scale)), 2).Values, values);
        Assert.Equal(0, trace.HostReads);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ABatchEqualsItsSamplesAlone(string name) => AloneAsTogether(KnownCombiner.All[name].Active, []);

    /// <summary>The samples end guidance in different steps: in between some of the batch are guided and others not.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void ABatchEqualsItsSamplesAloneWhereGuidanceEndsOneByOne(string name)
    {
        var steps = AloneAsTogether([.. KnownCombiner.Unlimited(KnownCombiner.All[name].Active), new AdaptiveGuidance(0.8) { Space = MetricSpace.ModelOutput }], []);
        Assert.Contains(steps, rows => rows is > 3 and < 6);
        Assert.Equal(3, steps[^1]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void BranchesInCallsOfTheirOwnGiveTheSame(string name)
    {
        using var network = Differing();
        var (together, _) = Toy.Run(KnownCombiner.On(network, KnownCombiner.All[name].Active), 2);
        var (apart, _) = Toy.Run(KnownCombiner.With(Sampler.For(network).FlowEuler(KnownCombiner.Steps).SeparateBranches(), KnownCombiner.All[name].Active).Build(), 2);
        Assert.Equal(together, apart);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ASessionThatIsClonedOrSavedGoesOnTheSame(string name)
    {
        var path = Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"combiner-{Guid.NewGuid():N}.session");
        var sampler = KnownCombiner.On(_network, KnownCombiner.All[name].Active);
        var request = Toy.Request(2);
        using var condition = request.Condition;
        using var session = sampler.Start(request);
        for (var k = 0; k < 3; k++)
        {
            session.Advance(TestContext.Current.CancellationToken);
        }

        using var clone = session.Clone();
        session.Save(path);
        using var loaded = SamplingSession.Load(sampler, path);
        File.Delete(path);
        foreach (var s in new[] { session, clone, loaded })
        {
            s.RunToEnd(cancellation: TestContext.Current.CancellationToken);
        }

        Same(session.Latents, clone.Latents);
        Same(session.Latents, loaded.Latents);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ABudgetForCachesChangesNothing(string name)
    {
        var (expected, _) = Toy.Run(KnownCombiner.On(_network, KnownCombiner.All[name].Active), 2);
        var (values, _) = Toy.Run(KnownCombiner.With(Sampler.For(_network).FlowEuler(KnownCombiner.Steps).CacheBudget(0), KnownCombiner.All[name].Active).Build(), 2);
        Assert.Equal(expected, values);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ACacheThatSkipsNothingChangesNothing(string name)
    {
        var active = KnownCombiner.All[name].Active;
        var (expected, _) = Toy.Run(KnownCombiner.On(_network, active), 2);
        Assert.Equal(expected, Toy.Run(KnownCombiner.On(_network, [.. active, new EasyCache(0, 2)]), 2).Values);
        Assert.Equal(expected, Toy.Run(KnownCombiner.On(_network, [.. active, new Cached(Where.Prediction, new Interval(1), How.LastValue)]), 2).Values);
        var (cached, trace) = Toy.Run(KnownCombiner.On(_network, [.. active, new Cached(Where.Prediction, new Interval(2, 2), How.LastValue)]), 2);
        Assert.All(cached, v => Assert.True(float.IsFinite(v)));
        Assert.True(trace.Evaluations < trace.FullEvaluations);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void VarianceLogitsAreTheConditions(string name)
    {
        var info = Toy.Info("variance", PredictionType.Epsilon, size: [2, 4, 4]) with { LearnedVariance = true };
        using var network = Denoiser.From(info, (x, _, c) => cat([x * 0.5, x * 0], 1) + (Toy.PerRow(c["labels"].to(ScalarType.Float32) + 1, x) * 0.1));
        using var expected = new Seen();
        using var actual = new Seen();
        var active = KnownCombiner.All[name].Active;
        Toy.Run(KnownCombiner.With(Sampler.For(network).Solve(actual, new DdimGrid(3)), active).Build(), 2);
        Toy.Run(Sampler.For(network).Solve(expected, new DdimGrid(3)).Build(), 2);
        Assert.Equal(expected.Variances[0], actual.Variances[0]);
        Assert.All(actual.Variances, v => Assert.Equal(64, v.Length));
    }

    private static List<int> AloneAsTogether(IStrategy[] strategies, IStrategy[] more)
    {
        using var scope = NewDisposeScope();
        using var network = Differing();
        using var generator = new Generator(70);
        var sampler = KnownCombiner.On(network, [.. strategies, .. more]);
        var latents = randn([3, 1, 4, 4], generator: generator) * tensor(new[] { 0.5f, 2, 8 }).view(3, 1, 1, 1);
        using var labels = Conditioning.Labels(1, 2, 3);
        using var batch = sampler.Generate(new() { Condition = labels, Latents = latents }, cancellation: TestContext.Current.CancellationToken);
        for (var s = 0; s < 3; s++)
        {
            using var label = Conditioning.Labels(s + 1);
            using var alone = sampler.Generate(new() { Condition = label, Latents = latents.narrow(0, s, 1) }, cancellation: TestContext.Current.CancellationToken);
            Assert.Equal(alone.Latents.Floats(), batch.Latents.Floats()[(16 * s)..(16 * (s + 1))]);
        }

        return [.. batch.Trace.Steps.Select(s => s.ComputedRows)];
    }

    /// <summary>Two branches whose angle shrinks with the step, faster for larger latents; they have some of the latents in them.</summary>
    private static IDenoiser Differing() => Denoiser.From(Toy.Info("differing"), (x, _, _, e) => cat([.. e.Rows.Select((r, i) =>
    {
        var own = x[i].unsqueeze(0);
        return TurnedBranches.Of(own, r.Branch == Branch.Unconditional, 1.5 / (1 + (e.Step.Index * own.abs().mean().item<float>()))) + (own * 0.05);
    })], 0));

    /// <summary>Notes the variance logits that reach it.</summary>
    private sealed class Seen : ISolver, IDisposable
    {
        private readonly Ddim _ddim = new();

        public List<float[]> Variances { get; } = [];

        public string Name => "seen";

        public bool TakesCleanAndNoiseApart => true;

        public int Calls(Schedule grid, int step) => 1;

        public SolverInput Input(in SolverState state, Schedule grid, int step, int call) => _ddim.Input(state, grid, step, call);

        public SolverUpdate Step(in SolverState state, Schedule grid, int step, int call, Prediction now)
        {
            Variances.Add(now.Variance!.Floats());
            return _ddim.Step(state, grid, step, call, now);
        }

        public void Dispose() => Variances.Clear();
    }
}
