using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace Acceleration.Reporting;

/// <summary>One execution of a <see cref="Comparison"/>.</summary>
internal sealed class ComparisonRun : IDisposable
{
    private readonly Comparison _comparison;
    private readonly SamplingRequest _request;
    private readonly IProgress<ComparisonProgress>? _progress;
    private readonly CancellationToken _cancellation;
    private readonly PictureJudge _judge;
    private readonly Measurement[] _measurements;
    private readonly BaselinePulse _pulse;
    private readonly int _total;
    private int _done;

    public ComparisonRun(Comparison comparison, SamplingRequest request, IProgress<ComparisonProgress>? progress, CancellationToken cancellation)
    {
        (_comparison, _request, _progress, _cancellation) = (comparison, request, progress, cancellation);
        _judge = new(comparison);
        _measurements = [.. comparison.Contestants.Select(c => new Measurement(c))];
        _pulse = new(comparison.Contestants[0].Sampler, request, _measurements.Length - 1);
        _total = comparison.Contestants.Sum(c => Math.Min(comparison.WarmUpSteps, c.Sampler.Steps) + (comparison.Sweeps * c.Sampler.Steps));
    }

    public ComparisonReport ToEnd()
    {
        var (started, clock) = (DateTimeOffset.Now, Stopwatch.GetTimestamp());
        try
        {
            RunAll(clock);
            return Report(_measurements, started, clock, complete: true);
        }
        catch (OperationCanceledException stopped)
        {
            var measured = _measurements.Where(m => m.Runs.Count > 0).ToArray();
            throw new ComparisonStoppedException(measured.Length == 0 ? null : Report(measured, started, clock, complete: false), stopped);
        }
    }

    private void RunAll(long clock)
    {
        foreach (var measurement in _measurements)
        {
            Named(measurement, WarmUp);
        }

        var (sweeps, longest) = (0, TimeSpan.Zero);
        while (sweeps < _comparison.Sweeps && (sweeps == 0 || Stopwatch.GetElapsedTime(clock) + longest <= _comparison.Budget))
        {
            var (sweep, begun) = (++sweeps, Stopwatch.GetTimestamp());
            foreach (var measurement in _measurements)
            {
                Named(measurement, m => Measure(m, sweep));
            }

            longest = TimeSpan.FromTicks(Math.Max(longest.Ticks, Stopwatch.GetElapsedTime(begun).Ticks));
        }
    }

    /// <summary>The baseline runs first in each sweep, so it has been measured where anything has. All count as often as the least measured.</summary>
    private ComparisonReport Report(IReadOnlyList<Measurement> measured, DateTimeOffset started, long clock, bool complete)
    {
        var sweeps = measured.Min(m => m.Runs.Count);
        foreach (var m in measured)
        {
            m.Keep(sweeps);
        }

        var network = measured[0].Contestant.Sampler.Denoiser.Info;
        return new()
        {
            Title = complete ? _comparison.Heading : $"{_comparison.Heading} (stopped early)",
            Complete = complete,
            Network = network.Name,
            Started = started,
            Sweeps = sweeps,
            BaselinePace = _pulse.Pace.Spread,
            WarmUpSteps = _comparison.WarmUpSteps,
            Seed = _request.Seed,
            Frames = _judge.Frames,
            Pixels = _comparison.Range,
            Machine = MachineInfo.Describe(network),
            WantedClasses = _comparison.Wanted,
            Rows = ComparisonRows.Of(measured, _pulse.Pace, _comparison),
            TotalSeconds = Stopwatch.GetElapsedTime(clock).TotalSeconds,
        };
    }

    public void Dispose()
    {
        _pulse.Dispose();
        _judge.Dispose();
    }

    private void WarmUp(Measurement measurement)
    {
        using var session = measurement.Contestant.Sampler.Start(_request);
        while (session.Done < _comparison.WarmUpSteps && !session.IsFinished)
        {
            session.Advance(_cancellation);
            StepDone(measurement.Contestant, 0);
        }
    }

    private void Measure(Measurement measurement, int sweep)
    {
        var contestant = measurement.Contestant;
        var device = contestant.Sampler.Denoiser.Info.Device;

        // A collection that an earlier run's garbage causes should not fall into this run's time.
        GC.Collect();
        Synchronize(device);
        var begun = BaselinePulse.Now;
        using var result = contestant.Sampler.Generate(_request, new StepRelay(() => StepDone(contestant, sweep)), _cancellation);
        Synchronize(device);
        var ended = BaselinePulse.Now;
        measurement.Add(begun, ended, result.Trace);
        if (contestant.Kind == RowKind.Baseline)
        {
            _pulse.Add(result.Trace, ended);
        }
        else
        {
            _pulse.Beat(_cancellation);
        }

        _judge.Judge(measurement, result.Latents);
    }

    private void StepDone(Contestant contestant, int sweep) =>
        _progress?.Report(new(sweep, _comparison.Sweeps, contestant.Group, contestant.Label, ++_done, _total));

    private static void Named(Measurement measurement, Action<Measurement> action)
    {
        try
        {
            action(measurement);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            var c = measurement.Contestant;
            throw new InvalidOperationException($"{c.Group}, {c.Label} ({c.Sampler.Tag}): {e.Message}", e);
        }
    }

    internal static void Synchronize(Device device)
    {
        if (device.type == DeviceType.CUDA)
        {
            cuda.synchronize(device);
        }
    }

    /// <summary>Reports on the computing thread, which <see cref="Progress{T}"/> does not.</summary>
    private sealed class StepRelay(Action done) : IProgress<SamplingProgress>
    {
        public void Report(SamplingProgress value) => done();
    }
}
