using System.Text.Json;

namespace Acceleration.Tool;

/// <summary>A recorded run of a network under a caching technique: which attentions ran in which call, on how many rows, the guided predictions and the latents.</summary>
internal sealed class CachedLoopCheck : ICheck
{
    private const double Levels = 1e-4;

    public string Kind => "caching";

    public string Knows => $"loops of {string.Join(", ", StoredTechnique.All.Select(t => t.Class))} on {StoredNetwork.Known}";

    public bool Fits(GoldenFile file) => Class(file) is { } name && StoredTechnique.Find(name) is not null && StoredNetwork.Find(file.TextOrNull("model_class")) is not null;

    public void Run(GoldenFile file, Findings found, CancellationToken cancellation)
    {
        var stored = StoredNetwork.Find(file.Text("model_class"))!;
        using var network = stored.Load(file);
        var loop = new CachedLoop(file, stored, network);
        var config = file.Config("technique_config");
        var strategy = StoredTechnique.Find(config.Get<string>("class"))!.Of(config, loop);
        config.RequireAllRead();

        var start = stored.Latents(file, file.Read("input.x0"));
        var (condition, negative) = stored.Conditions(file, loop.Scale is not null);
        using var first = condition;
        using var second = negative;
        var request = new SamplingRequest { Condition = condition, Negative = negative, Latents = start, Size = [.. start.shape.Skip(1)] };
        var (tolerance, counter) = (file.Number("recommended_atol"), new QueryCounter(loop.Separate));
        var predictions = file.ReadOrNull("output.model_out");
        var latents = file.Read("output.x");
        var sampler = loop.Sampler(
            network,
            (step, now) =>
            {
                if (predictions is not null)
                {
                    found.Within("predictions", $"step {step}", stored.Stored(now.Output), predictions[step], tolerance);
                }
            },
            strategy,
            counter);
        using var session = sampler.Start(request);
        for (var step = 0; step <= loop.Steps; step++)
        {
            found.Within("latents", $"step {step}", stored.Stored(session.Latents), latents[step], tolerance);
            if (step < loop.Steps)
            {
                session.Advance(cancellation);
            }
        }

        Counts(file, found, loop, counter, [.. loop.Columns.Select(c => (c.Site, stored.Fold(network.Info, c.Site, start)))]);
        Decisions(file, found, session.Trace, strategy, loop.Steps);
        Calibrated(file, found, loop, network, request, cancellation);
        using var baseline = loop.Sampler(network, (_, _) => { }).Generate(request, cancellation: cancellation);
        found.Within("latents without the technique", "end", stored.Stored(baseline.Latents), file.Read("output.baseline_x"), tolerance);
    }

    private static void Counts(GoldenFile file, Findings found, CachedLoop loop, QueryCounter counter, (string Path, long Fold)[] sites)
    {
        var (runs, rows) = (file.Whole("output.computed").Chunk(sites.Length).ToArray(), file.Whole("output.query_batch").Chunk(sites.Length).ToArray());
        found.Equal("network calls", "", [runs.Length], [loop.Calls]);
        for (var call = 0; call < runs.Length; call++)
        {
            found.Equal("computed", $"call {call}", sites.Select(s => counter.Of(call, s.Path).Runs), runs[call]);
            found.Equal("computed rows", $"call {call}", sites.Select(s => counter.Of(call, s.Path).Rows * s.Fold), rows[call]);
        }

        found.Equal(
            "calls not fully computed", "", Enumerable.Range(0, loop.Calls).Where(c => sites.Any(s => counter.Of(c, s.Path).Runs == 0)).Select(c => (long)c), file.Json("steps_not_fully_computed").Deserialize<long[]>()!);
    }

    private static void Decisions(GoldenFile file, Findings found, Trace trace, IStrategy strategy, int steps)
    {
        if (file.Has("output.relative_change"))
        {
            // Where nothing is known to compare with, the file has -1.
            found.Relative("relative change", trace.Steps.SelectMany(s => s.Decisions).Select(d => double.IsNaN(d.Value) ? -1 : d.Value), file.Numbers("output.relative_change"), Levels);
        }

        if (file.Has("output.mag_ratios_used") && strategy is MagCache magnitudes)
        {
            found.Relative("magnitude ratios", MagnitudeRatios.Resample(magnitudes.Ratios, steps), file.Numbers("output.mag_ratios_used"), 1e-6);
        }
    }

    /// <summary>What a calibration measures in a run without the technique. Where branches are calls of their own, each is calibrated for itself, and the condition's decides here.</summary>
    private static void Calibrated(GoldenFile file, Findings found, CachedLoop loop, IDenoiser network, SamplingRequest request, CancellationToken cancellation)
    {
        if (file.Has("output.calibration_ratios"))
        {
            var magnitudes = new RecordedMagnitudes { OnlyBranch = loop.Separate ? Branch.Conditional : null };
            TrajectoryRecorder.For(loop.Plain(network), magnitudes).Record(request, cancellation: cancellation);
            found.Relative("calibrated ratios", magnitudes.Ratios, file.Numbers("output.calibration_ratios"), Levels);
        }
    }

    private static string? Class(GoldenFile file) =>
        file.TextOrNull("technique_config") is null ? null : file.Json("technique_config") is { ValueKind: JsonValueKind.Object } config && config.TryGetProperty("class", out var name) ? name.GetString() : null;
}
