using Acceleration.Tests.Core;
using Acceleration.Tests.Diagnostics.Trajectories;
using Acceleration.Tests.Toys;

namespace Acceleration.Tests.Caching.Calibrated.Recorded;

/// <summary>Changes from step to step, and both streams of networks that carry two.</summary>
public sealed class RecordedModulesTests : LiveTensorTest
{
    private const int Steps = 6;
    private const int Samples = 2;
    private readonly ChainToy _network = new();

    public RecordedModulesTests() => Own(_network);

    [Fact]
    public void ModulesArePlannedByTheirChangesFromStepToStep()
    {
        var modules = new RecordedModules();
        Recording.Of(Guided(), Samples, modules);
        var flown = Recording.Flown(Guided(), Samples, Where.Branches);
        RowId[] rows = [.. flown.Keys.Select(k => k.Row).Distinct()];
        Assert.Equal(["blocks.0.attention", "blocks.0.ff", "blocks.1.attention", "blocks.1.ff", "blocks.2.attention", "blocks.2.ff"], modules.Modules.Select(m => m.Path));
        foreach (var (at, module) in modules.Modules.Index())
        {
            Assert.Equal(0, modules.Changes[at, 0]);
            for (var i = 1; i < Steps; i++)
            {
                float[] Of(RowId row, int step) => flown[(module.Path, row, step)].Output;
                Recording.Equal(rows.Average(r => Recording.Distance(Of(r, i - 1), Of(r, i)) / Recording.Size(Of(r, i))), modules.Changes[at, i]);
            }
        }

        var method = modules.Fit(0.6, 2);
        Assert.Equal(QuantileSchedule.Of(modules.Changes, 0.6, 2), method.Schedules.Select(s => s.Steps));
        Assert.Equal(modules.Modules.Select(m => Where.Path(m.Path)), method.Schedules.Select(s => s.Where));
        Assert.Equal(Toy.Run(Guided().Build()).Values, Toy.Run(Guided().Use(modules.Fit(0)).Build()).Values);
    }

    /// <summary>What is repeated in both streams is compared in both.</summary>
    [Fact]
    public void TextStreamsCountWhereBothAreRepeated()
    {
        using var network = new TwoStreamToy();
        SamplerBuilder Sampled() => Sampler.For(network).FlowEuler(Steps).Guidance(2);
        var (changes, modules, importance, main) = (new RecordedChanges(Where.Blocks), new RecordedModules(Where.Blocks), new RecordedImportance(), new Everything(new RecordedPlace(Where.Blocks)));
        var recorder = TrajectoryRecorder.For(Sampled(), changes, modules, importance);
        var plain = TrajectoryRecorder.For(Sampled(), main);
        var flown = new Dictionary<(string Site, RowId Row, int Step), (float[] Main, float[] Text, float[] TextBefore)>();
        var probe = Probe.Site(
            Where.Blocks,
            (call, input, next) =>
            {
                var output = next.Invoke(input);
                for (var i = 0; i < call.Rows.Count; i++)
                {
                    flown[(call.Site.Path, call.Rows[i], call.Step.Index)] = (call.Rows.Take(output.Main, [i]).Floats(), call.Rows.Take(output.Text!, [i]).Floats(), call.Rows.Take(input.Text!, [i]).Floats());
                }

                return output;
            },
            HookPhase.Slice);
        using var condition = TwoStreamToy.Text(2);
        var request = new SamplingRequest { Condition = condition, Seed = 5 };
        recorder.Record(request, cancellation: TestContext.Current.CancellationToken);
        plain.Record(request, cancellation: TestContext.Current.CancellationToken);
        using (Sampled().Use(probe).Build().Generate(request, cancellation: TestContext.Current.CancellationToken))
        {
        }

        Assert.All(main.Seen, s => Assert.Equal(flown[s.Key].Main, s.Value.Output));
        RowId[] rows = [.. flown.Keys.Select(k => k.Row).Distinct()];
        foreach (var (at, site) in changes.Sites.Index())
        {
            float[] Of(RowId row, int step) => [.. flown[(site.Site.Path, row, step)].Main, .. flown[(site.Site.Path, row, step)].Text];
            for (var i = 1; i < Steps; i++)
            {
                Recording.Equal(rows.Average(r => Recording.Cosine(Of(r, i - 1), Of(r, i))), site.Similarity[i - 1, i]);
                Recording.Equal(rows.Average(r => Recording.Distance(Of(r, i - 1), Of(r, i)) / Recording.Size(Of(r, i))), modules.Changes[at, i]);
            }
        }

        // Tokens of both streams, each with its own turn.
        var text = flown.Where(f => f.Key.Site == "blocks.0").SelectMany(f => f.Value.TextBefore.Chunk(4).Zip(f.Value.Text.Chunk(4), Recording.Cosine)).Average();
        Assert.NotEqual(1 - text, importance.Scores[0].Score, 1e-3);
        Assert.True(recorder.BytesOf(request, TestContext.Current.CancellationToken) > plain.BytesOf(request, TestContext.Current.CancellationToken));
    }

    private SamplerBuilder Guided() => Sampler.For(_network).FlowEuler(Steps).Guidance(3);
}
