using Acceleration.Tests.Core;
using Acceleration.Tests.Toys;

namespace Acceleration.Tests.Caching.Calibrated.Recorded;

/// <summary>Each statistic against its definition, computed from values that a probe of the test saw.</summary>
public sealed class RecordedTests : LiveTensorTest
{
    private const int Steps = 6;
    private const int Samples = 2;
    private readonly ChainToy _network = new();

    public RecordedTests() => Own(_network);

    [Fact]
    public void MagnitudesAreMeansOverTokensAndRows()
    {
        var (magnitudes, conditional) = (new RecordedMagnitudes(), new RecordedMagnitudes { OnlyBranch = Branch.Conditional });
        Recording.Of(Guided(), Samples, magnitudes, conditional);

        // The chain's own hook is the recorder's, so that its ends are read off the first block's input and the last one's output.
        var flown = Recording.Flown(Guided(), Samples, Where.Blocks);
        RowId[] rows = [.. flown.Keys.Select(k => k.Row).Distinct()];
        double[] Norms(RowId row, int step)
        {
            var (input, output) = (flown[("blocks.0", row, step)].Input, flown[("blocks.2", row, step)].Output);
            return [.. input.Zip(output, (i, o) => (double)o - i).Chunk(8).Select(token => Math.Sqrt(token.Sum(x => x * x)))];
        }

        double Ratio(RowId row, int step) => Norms(row, step).Zip(Norms(row, step - 1), (now, before) => now / before).Average();
        Assert.Equal(4, rows.Length);
        Assert.Equal((Steps, 1.0), (magnitudes.Ratios.Count, magnitudes.Ratios[0]));
        for (var i = 1; i < Steps; i++)
        {
            Recording.Equal(rows.Average(r => Ratio(r, i)), magnitudes.Ratios[i]);
            Recording.Equal(rows.Min(r => Ratio(r, i)), magnitudes.Least[i]);
            Recording.Equal(rows.Max(r => Ratio(r, i)), magnitudes.Most[i]);
            Recording.Equal(rows.Where(r => r.Branch == Branch.Conditional).Average(r => Ratio(r, i)), conditional.Ratios[i]);
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void AMagnitudeBudgetIsMetWithTheSmallestThreshold(int computed)
    {
        var magnitudes = new RecordedMagnitudes();
        var recorder = Recording.Of(Guided(), 1, magnitudes);
        var method = magnitudes.FitTo(computed, maxSkip: 5, retention: 0);
        Assert.InRange(Computed(recorder.Sampler, (StaticWhen)method.Parts[0].When), 1, computed);
        Assert.True(Computed(recorder.Sampler, (StaticWhen)(method with { Threshold = method.Threshold * 0.99 }).Parts[0].When) > computed);
        Assert.Contains("No threshold computes as few as 1 of 6 steps: 3 is the least", Assert.Throws<ArgumentException>(() => magnitudes.FitTo(1, maxSkip: 1, retention: 0)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => magnitudes.FitTo(7));
    }

    [Fact]
    public void ChangesCompareAllPairsOfSteps()
    {
        var changes = new RecordedChanges(Where.Branches);
        Recording.Of(Guided(), Samples, changes);
        var flown = Recording.Flown(Guided(), Samples, Where.Branches);
        RowId[] rows = [.. flown.Keys.Select(k => k.Row).Distinct()];

        // In the order in which they are computed, whatever the order of the map.
        Assert.Equal(["blocks.0.attention", "blocks.0.ff", "blocks.1.attention", "blocks.1.ff", "blocks.2.attention", "blocks.2.ff"], changes.Sites.Select(s => s.Site.Path));
        foreach (var site in changes.Sites)
        {
            for (var i = 0; i < Steps; i++)
            {
                for (var j = i; j < Steps; j++)
                {
                    float[] A(RowId row) => flown[(site.Site.Path, row, i)].Output;
                    float[] B(RowId row) => flown[(site.Site.Path, row, j)].Output;
                    Recording.Equal(rows.Average(r => Recording.Cosine(A(r), B(r))), site.Similarity[i, j]);
                    Recording.Equal(rows.Average(r => Recording.Distance(A(r), B(r)) / A(r).Length), site.Distance[i, j]);
                }
            }
        }

        var method = changes.FitBlocks(3, repaired: 0);
        Assert.All(method.Schedules.Zip(changes.Sites), p => Assert.Equal(BlockSchedules.Of(p.Second.Similarity, 3), p.First.Steps));
        Assert.All(changes.FitBlocks(2, repaired: 0, forceFrom: 4).Schedules, s => Assert.Equal([4, 5], s.Steps.Where(i => i >= 4)));

        // The repair: whatever changes most is computed where a feed-forward part after it is.
        var repaired = changes.FitBlocks(3, repaired: 6);
        Assert.Superset(method.Schedules[1].Steps.Union(method.Schedules[3].Steps).Union(method.Schedules[5].Steps).ToHashSet(), repaired.Schedules[0].Steps.ToHashSet());
    }

    [Fact]
    public void ReuseIsWhatAnOlderOutputCosts()
    {
        var reuse = new RecordedReuse(lookback: 2);
        Recording.Of(Guided(), Samples, reuse);
        var flown = Recording.Flown(Guided(), Samples, Where.Branches);
        RowId[] rows = [.. flown.Keys.Select(k => k.Row).Distinct()];
        Assert.Equal([SiteKind.SelfAttention, SiteKind.FeedForward], reuse.Kinds);
        foreach (var (kind, name) in new[] { (SiteKind.SelfAttention, "attention"), (SiteKind.FeedForward, "ff") })
        {
            var errors = reuse.Errors(kind);
            for (var j = 1; j <= 2; j++)
            {
                for (var i = 0; i < Steps; i++)
                {
                    if (i + j >= Steps)
                    {
                        Assert.True(double.IsNaN(errors[j - 1, i]));
                        continue;
                    }

                    Recording.Equal(
                        Enumerable.Range(0, 3).SelectMany(b => rows.Select(r => (A: flown[($"blocks.{b}.{name}", r, i)].Output, B: flown[($"blocks.{b}.{name}", r, i + j)].Output))).Average(p => Recording.Distance(p.A, p.B) / Recording.Size(p.B)),
                        errors[j - 1, i]);
                }
            }
        }

        var method = reuse.Fit(reuse.ThresholdFor(4));
        Assert.Equal([Where.Attention, Where.FeedForward], method.Schedules.Select(s => s.Where));
        Assert.Equal(4, method.Schedules.Max(s => s.Steps.Count));
        Assert.Equal(Steps, reuse.Fit(0).Schedules[0].Steps.Count);
        Assert.Contains("CrossAttention", Assert.Throws<InvalidOperationException>(() => reuse.Errors(SiteKind.CrossAttention)).Message);
    }

    [Fact]
    public void SignalsArePairedWithOutputs()
    {
        var signals = new RecordedSignals();
        Recording.Of(Guided(), Samples, signals);
        var (published, outputs) = (new Dictionary<(int Sample, int Step), float[]>(), Recording.Flown(Guided(), Samples, Where.Network));
        var probe = Probe.Chain(
            (call, input, next) =>
            {
                var all = call.Signal(Signal.ModulatedInput)!;
                for (var i = 0; i < call.Rows.Count; i++)
                {
                    if (call.Rows[i].Branch == Branch.Conditional)
                    {
                        published[(call.Rows[i].Sample, call.Step.Index)] = call.Rows.Take(all, [i]).Floats();
                    }
                }

                return next.Invoke(input, 0, next.Count);
            },
            "signals",
            Signal.ModulatedInput);
        Toy.Run(Guided().Use(probe).Build(), Samples);
        Assert.Equal(Samples * (Steps - 1), signals.Pairs.Count);
        var at = 0;
        for (var sample = 0; sample < Samples; sample++)
        {
            for (var i = 1; i < Steps; i++, at++)
            {
                var (now, before) = (outputs[("network", new(sample, Branch.Conditional), i)].Output, outputs[("network", new(sample, Branch.Conditional), i - 1)].Output);
                Recording.Equal(Recording.Distance(published[(sample, i)], published[(sample, i - 1)]) / Recording.Size(published[(sample, i - 1)]), signals.Pairs[at].Signal);
                Recording.Equal(Recording.Distance(now, before) / Recording.Size(before), signals.Pairs[at].Output);
            }
        }
    }

    /// <summary>A signal of the time alone makes decisions that no reuse moves: the run computes what the records say.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void ASignalBudgetIsMet(int computed)
    {
        var signals = new RecordedSignals(Signal.TimeEmbedding);
        Recording.Of(Guided(), 1, signals);
        var method = signals.FitTo(computed, degree: 1);
        Assert.True(method.Clamps);
        Assert.InRange(signals.Computed(method), 2, computed);
        var before = _network.CountOf("blocks.0");
        Toy.Run(Guided().Use(method).Build());
        Assert.Equal(signals.Computed(method), _network.CountOf("blocks.0") - before);
        Assert.Contains("at least 6 pairs", Assert.Throws<ArgumentException>(() => signals.Fit(0.1, degree: 5)).Message);
        Assert.Contains("No threshold computes as few as 1", Assert.Throws<ArgumentException>(() => signals.FitTo(1, degree: 1)).Message);
    }

    [Fact]
    public void ImportanceIsOverStepsTokensAndRows()
    {
        var importance = new RecordedImportance();
        Recording.Of(Guided(), Samples, importance);
        var flown = Recording.Flown(Guided(), Samples, Where.Blocks);
        foreach (var (block, score) in importance.Scores)
        {
            var cosines = flown.Where(f => f.Key.Site == block.Path).SelectMany(f => f.Value.Input.Chunk(8).Zip(f.Value.Output.Chunk(8), Recording.Cosine)).ToArray();
            Assert.Equal(4 * Steps * 16, cosines.Length);
            Recording.Equal(1 - cosines.Average(), score);
        }

        Assert.Equal(["blocks.0", "blocks.1", "blocks.2"], importance.Scores.Select(s => s.Block.Path));
        var least = importance.Least(2);
        Assert.Equal(least.Order(), least);
        Assert.DoesNotContain(importance.Scores.MaxBy(s => s.Score).Block.Block!.Value, least);
        Assert.Throws<ArgumentOutOfRangeException>(() => importance.Least(4));
    }

    [Fact]
    public void NothingRecordedIsSaid()
    {
        Assert.Contains("Nothing was recorded", Assert.Throws<InvalidOperationException>(() => new RecordedModules().Changes).Message);
        Assert.Contains("Nothing was recorded", Assert.Throws<InvalidOperationException>(() => new RecordedMagnitudes().Ratios).Message);
        Assert.Contains("Nothing was recorded", Assert.Throws<InvalidOperationException>(() => new RecordedChanges(Where.Blocks).Sites).Message);
        Assert.Contains("Nothing was recorded", Assert.Throws<InvalidOperationException>(() => new RecordedReuse().Kinds).Message);
        Assert.Contains("Nothing was recorded", Assert.Throws<InvalidOperationException>(() => new RecordedSignals().Pairs).Message);
        Assert.Contains("Nothing was recorded", Assert.Throws<InvalidOperationException>(() => new RecordedImportance().Scores).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new RecordedReuse(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RecordedDamping(Where.Prediction, every: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RecordedPlace(Where.Blocks) { LookBack = -1 });
    }

    private SamplerBuilder Guided() => Sampler.For(_network).FlowEuler(Steps).Guidance(3);

    private static int Computed(Sampler sampler, StaticWhen when)
    {
        var grid = sampler.Stages[0].Grid;
        return Enumerable.Range(0, sampler.Steps).Count(i => !when.Skips(new(0, i, 0, grid, grid.Points[i])));
    }
}
