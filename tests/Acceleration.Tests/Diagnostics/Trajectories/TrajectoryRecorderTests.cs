using Acceleration.Tests.Core;
using Acceleration.Tests.Toys;

namespace Acceleration.Tests.Diagnostics.Trajectories;

public sealed class TrajectoryRecorderTests : LiveTensorTest
{
    private const int Steps = 5;
    private readonly ChainToy _network = new();

    public TrajectoryRecorderTests() => Own(_network);

    /// <summary>Every value of every row and step is the site's, and looking back finds what was there then.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ValuesAreThoseOfTheSites(bool separate)
    {
        var earlier = new Dictionary<(string, RowId, int), float[]>();
        var statistic = new Everything(new RecordedPlace(Where.Branches) { Input = true, LookBack = 2 })
        {
            Asks = (value, row) =>
            {
                var now = value.Step.Index;
                earlier[(value.Site.Path, row, now)] = value.Output().ToArray();
                for (var back = 1; back <= Math.Min(2, now); back++)
                {
                    Assert.Equal(earlier[(value.Site.Path, row, now - back)], value.Output(back).ToArray());
                }

                Assert.Equal(8, value.Width);
            },
        };
        var (probe, flown) = Everything.Direct(Where.Branches);
        var builder = Guided();
        Record(separate ? builder.SeparateBranches().Use(probe) : builder.Use(probe), 2, statistic);

        // Three blocks of two branches, two samples in two guidance branches.
        Assert.Equal(6 * 4 * Steps, statistic.Seen.Count);
        Assert.Equal(4, statistic.Completed);
        Assert.Equal(flown.Keys.ToHashSet(), [.. statistic.Seen.Keys]);
        Assert.All(flown, f => Assert.Equal(f.Value.Output, statistic.Seen[f.Key].Output));

        // The probe sees attention's input behind its preparation, the recorder before it, as caches do.
        Assert.All(flown.Where(f => f.Key.Site.EndsWith(".ff", StringComparison.Ordinal)), f => Assert.Equal(f.Value.Input, statistic.Seen[f.Key].Input));
    }

    /// <summary>What a run gives does not depend on being recorded.</summary>
    [Fact]
    public void RecordingChangesNothing()
    {
        var statistic = new Everything(new RecordedPlace(Where.Chain) { Input = true }, new RecordedPlace(Where.Network), new RecordedPlace(Where.Prediction));
        var (plain, _) = Toy.Run(Guided().Build(), 2);
        var last = Array.Empty<float>();
        var recorder = TrajectoryRecorder.For(Guided().Use(Probe.Step(after: (_, _, next) => last = next.Floats())), statistic);
        Record(recorder, 2);
        Assert.Equal(plain, last);
        Assert.Equal(3, statistic.Seen.Keys.Select(k => k.Site).Distinct().Count());
        Assert.Equal(2, recorder.Samples);

        // At the prediction rows are samples.
        Assert.Equal(2, statistic.Seen.Keys.Where(k => k.Site == "prediction").Select(k => k.Row).Distinct().Count());
    }

    /// <summary>A row's values are those it has alone.</summary>
    [Fact]
    public void RowsAreApart()
    {
        var (together, alone) = (new Everything(new RecordedPlace(Where.Chain)), new Everything(new RecordedPlace(Where.Chain)));
        Record(Guided(), 3, together);
        Record(Guided(), 1, alone);
        Assert.All(alone.Seen, s => Near(s.Value.Output, together.Seen[s.Key].Output));
    }

    [Fact]
    public void SignalsAreRecorded()
    {
        var (signals, changed) = (new List<float[]>(), 0);
        var statistic = new Everything(new RecordedPlace(Where.Chain) { Output = false, Signals = [Signal.TimeEmbedding], LookBack = 1 })
        {
            Asks = (value, row) =>
            {
                signals.Add(value.Signal(Signal.TimeEmbedding).ToArray());
                changed += value.Step.Index > 0 && !value.Signal(Signal.TimeEmbedding, 1).SequenceEqual(value.Signal(Signal.TimeEmbedding)) ? 1 : 0;
            },
        };
        Record(Sampler.For(_network).FlowEuler(Steps), 1, statistic);
        Assert.Equal((Steps, Steps - 1), (signals.Count, changed));
        Assert.All(signals, s => Assert.Equal(8, s.Length));
    }

    /// <summary>Of solvers of several calls per step the first call counts.</summary>
    [Fact]
    public void StepsOfSeveralCallsAreRecordedOnce()
    {
        var statistic = new Everything(new RecordedPlace(Where.Chain));
        Record(Sampler.For(_network).Solve(new FlowHeun(), new FlowGrid(Steps)), 1, statistic);
        Assert.Equal(Steps, statistic.Seen.Count);
    }

    [Fact]
    public void MemoryIsKnownAndBoundedBeforeTheRun()
    {
        // Six sites, two samples in two branches, 16 tokens of 8 numbers in float32, all five steps; and three chains' worth of two.
        var statistic = new Everything(new RecordedPlace(Where.Branches) { LookBack = RecordedPlace.All }, new RecordedPlace(Where.Chain) { Input = true, LookBack = 1 });
        const long Bytes = (6 * 4 * 16 * 8 * 4 * Steps) + (2 * 4 * 16 * 8 * 4 * 2);
        var recorder = TrajectoryRecorder.For(Guided(), statistic);
        using var condition = Conditioning.Labels(1, 2);
        Assert.Equal(Bytes, recorder.BytesOf(new() { Condition = condition }, TestContext.Current.CancellationToken));

        recorder.MostBytes = Bytes - 1;
        var refused = Assert.Throws<InvalidOperationException>(() => Record(recorder, 2));
        Assert.Contains($"Recording 2 samples at a time over {Steps} steps takes {Bytes} bytes of host memory, more than the {Bytes - 1} that are allowed", refused.Message);
        Assert.Equal((0, 0, 0), (recorder.Samples, statistic.Begun.Count, statistic.Completed));
        Assert.Throws<InvalidOperationException>(() => recorder.Plan());

        recorder.MostBytes = Bytes;
        Record(recorder, 2);
        Assert.Equal(4, statistic.Completed);
        Assert.Throws<ArgumentOutOfRangeException>(() => recorder.MostBytes = 0);
    }

    [Fact]
    public void LookingFartherBackThanAskedForIsRefused()
    {
        var statistic = new Everything(new RecordedPlace(Where.Chain) { LookBack = 1 }) { Asks = (value, _) => value.Output(2) };
        Assert.Contains("2 steps back, is not recorded", Assert.Throws<SamplingException>(() => Record(Guided(), 1, statistic)).ToString());
        Assert.Contains("input of blocks", Assert.Throws<SamplingException>(() => Record(Guided(), 1, new Everything(new RecordedPlace(Where.Chain)) { Asks = (value, _) => value.Input() })).ToString());
    }

    /// <summary>What was stopped or failed counts nothing and leaves nothing; the recorder goes on.</summary>
    [Fact]
    public void UnfinishedRunsCountNothing()
    {
        var statistic = new Everything(new RecordedPlace(Where.Branches) { LookBack = RecordedPlace.All });
        var recorder = TrajectoryRecorder.For(Guided(), statistic);
        using var condition = Conditioning.Labels(1);
        using var stop = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => recorder.Record(new() { Condition = condition }, new Told(p => stop.CancelAsync().Wait()), stop.Token));
        Assert.Equal((0, 0), (statistic.Completed, recorder.Samples));
        Assert.Equal(2, statistic.Begun.Count);

        var calls = 0;
        _network.InBlock = _ => calls = calls == 10 ? throw new InvalidOperationException("broken") : calls + 1;
        Assert.Throws<SamplingException>(() => Record(recorder, 1));
        _network.InBlock = null;
        Assert.Equal((0, 0), (statistic.Completed, recorder.Samples));

        Record(recorder, 1);
        Assert.Equal((2, 1), (statistic.Completed, recorder.Samples));
    }

    [Fact]
    public void WhatCannotBeRecordedIsRefused()
    {
        var statistic = new Everything(new RecordedPlace(Where.Chain));
        Assert.Contains("calibrate without EC0.05", Assert.Throws<ArgumentException>(() => TrajectoryRecorder.For(Guided().Use(new EasyCache(0.05)), statistic)).Message);
        Assert.Contains("calibrate without CFGC5", Assert.Throws<ArgumentException>(() => TrajectoryRecorder.For(Guided().Use(new CfgCache()), statistic)).Message);
        Assert.Contains("at least one statistic", Assert.Throws<ArgumentException>(() => TrajectoryRecorder.For(Guided())).Message);
        Assert.Contains("'cut.0', but chain has no such site", Assert.Throws<StrategyConflictException>(() => TrajectoryRecorder.For(Guided(), new Everything(new RecordedPlace(Where.Cut(0))))).Message);
        using var constant = Toy.Constant(1);
        Assert.Contains("TimeEmbedding", Assert.Throws<StrategyConflictException>(() => TrajectoryRecorder.For(Sampler.For(constant).FlowEuler(4), new Everything(new RecordedPlace(Where.Network) { Signals = [Signal.TimeEmbedding] }))).Message);

        // The unconditional rows come in some steps only.
        var lacking = Assert.Throws<SamplingException>(() => Record(Guided().Use(new GuidanceInterval(new StepRange(1, 2))), 1, statistic));
        Assert.Contains("the same guidance branches in all steps", lacking.ToString());
        Assert.Equal(0, statistic.Completed);

        var recorder = TrajectoryRecorder.For(Guided(), statistic);
        Record(recorder, 1);
        using var condition = Conditioning.Labels(1);
        Assert.Contains("size [1, 8, 8], the first one had [1, 4, 4]", Assert.Throws<ArgumentException>(() => recorder.Record(new() { Condition = condition, Size = [1, 8, 8] }, cancellation: TestContext.Current.CancellationToken)).Message);
    }

    [Fact]
    public void APlanHoldsForWhatWasRecorded()
    {
        var recorder = TrajectoryRecorder.For(Guided(), new Everything(new RecordedPlace(Where.Chain)));
        Record(recorder, 1);
        var plan = recorder.Plan(new Cached(Where.Chain, new AtSteps(0, 2, 4), How.LastResidual));
        Assert.Equal((Steps, 3.0, _network.Info.Fingerprint), (plan.Calibration!.Steps, plan.Calibration.GuidanceScale, plan.Calibration.Network));
        Assert.Equal([1L, 4, 4], plan.Calibration.Size);
        Assert.Equal("flow-euler5+CFG3+C:chain:at0.2.4:res", AccelerationPlan.FromJson(plan.ToJson()).Tag.Split("+on")[0]);
        _ = Sampler.For(_network).Plan(plan).Build();
        Assert.Contains("guidance scale 3, here 4", Assert.Throws<CalibrationException>(() => Sampler.For(_network).Plan(plan with { Guidance = [new ClassifierFreeGuidance(4)] }).Build()).Message);
    }

    private SamplerBuilder Guided() => Sampler.For(_network).FlowEuler(Steps).Guidance(3);

    private static void Record(SamplerBuilder builder, int samples, ITrajectoryStatistic statistic) => Record(TrajectoryRecorder.For(builder, statistic), samples);

    private static void Record(TrajectoryRecorder recorder, int samples)
    {
        var request = Toy.Request(samples);
        using var condition = request.Condition;
        recorder.Record(request, cancellation: TestContext.Current.CancellationToken);
    }

    private sealed class Told(Action<SamplingProgress> told) : IProgress<SamplingProgress>
    {
        public void Report(SamplingProgress value) => told(value);
    }
}
