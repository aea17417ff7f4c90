using System.Globalization;

namespace Acceleration;

/// <summary>
/// Records what happens inside a network while a sampler runs, and hands it to statistics: offline methods learn from it when to skip what. Values are copied to host memory as float32, row by row, and stay there only
/// as long as a statistic looks back to them; what that takes is known, and bounded, before the run. Not for several threads at a time.
/// </summary>
public sealed class TrajectoryRecorder
{
    private readonly Sampler _plain;
    private readonly Sampler _recording;
    private readonly Strategy _strategy;
    private readonly Dictionary<string, long> _bytes = [];
    private IReadOnlyList<long>? _size;

    private TrajectoryRecorder(Sampler plain, Sampler recording, Strategy strategy) => (_plain, _recording, _strategy) = (plain, recording, strategy);

    /// <summary>Most bytes of host memory that recorded values of one request may take; 2 GiB unless it is said.</summary>
    public long MostBytes { get; set => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Must be at least 1."); } = 2L << 30;

    /// <summary>The sampler that is recorded, without the recorder.</summary>
    public Sampler Sampler => _plain;

    /// <summary>Samples recorded to their end.</summary>
    public int Samples { get; private set; }

    /// <summary>Records a sampler as it is described by now: its network, solver, schedule and guidance. The builder is not changed.</summary>
    /// <param name="builder">The sampler.</param>
    /// <param name="statistics">What shall learn from it, at least one.</param>
    /// <exception cref="StrategyConflictException">The network lacks a site or a signal that a statistic looks at.</exception>
    /// <exception cref="ArgumentException">A strategy leaves out what should be recorded, or the sampler changes its resolution on the way.</exception>
    public static TrajectoryRecorder For(SamplerBuilder builder, params IReadOnlyList<ITrajectoryStatistic> statistics)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(statistics);
        if (statistics.Count == 0)
        {
            throw new ArgumentException("Name at least one statistic to record for.", nameof(statistics));
        }

        var plain = builder.Build();
        RequirePlain(plain);
        var strategy = new Strategy(new(statistics, plain.Denoiser.Info.Sites));
        return new(plain, builder.BuildWith(strategy), strategy);
    }

    /// <summary>Bytes of host memory that recorded values of a request take at a time. Runs its first step.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellation">Stops between sites.</param>
    public long BytesOf(SamplingRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        _strategy.Counts = true;
        try
        {
            using var session = _recording.Start(request);
            session.Advance(cancellation);
            return _strategy.Last!.Bytes;
        }
        finally
        {
            (_strategy.Counts, _strategy.Last) = (false, null);
        }
    }

    /// <summary>Samples a request and adds its trajectories to the statistics.</summary>
    /// <param name="request">What to sample; of the size of all others.</param>
    /// <param name="progress">Told after every step.</param>
    /// <param name="cancellation">Stops between sites; the unfinished trajectories count nothing.</param>
    /// <exception cref="InvalidOperationException">Its recorded values would take more than <see cref="MostBytes"/>: nothing has been recorded.</exception>
    /// <exception cref="ArgumentException">It has another size than those before.</exception>
    public void Record(SamplingRequest request, IProgress<SamplingProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var size = request.Size ?? _plain.Denoiser.Info.SampleSize;
        if (_size is { } first && !first.SequenceEqual(size))
        {
            throw new ArgumentException($"One calibration holds for one resolution: this request has size [{string.Join(", ", size)}], the first one had [{string.Join(", ", first)}].", nameof(request));
        }

        var form = string.Join(' ', [request.Condition.Rows, .. size, .. request.Condition.Names.Select(n => request.Condition[n].numel())]);
        if (!_bytes.TryGetValue(form, out var bytes))
        {
            _bytes[form] = bytes = BytesOf(request, cancellation);
        }

        if (bytes > MostBytes)
        {
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture,
                $"Recording {request.Condition.Rows} samples at a time over {_plain.Steps} steps takes {bytes} bytes of host memory, more than the {MostBytes} that are allowed: record fewer at a time, or fewer steps, or allow more."));
        }

        try
        {
            using var result = _recording.Generate(request, progress, cancellation);
            _strategy.Last!.Complete();
            (_size, Samples) = (size, Samples + request.Condition.Rows);
        }
        finally
        {
            // What was recorded is of no more use.
            _strategy.Last = null;
        }
    }

    /// <summary>The sampler's plan with what was learned, which holds for what was recorded: it refuses another network, solver, number of steps, size or guidance scale. Noise levels that the sampler was given as they are it leaves to the sampler that it is applied to.</summary>
    /// <param name="learned">Strategies to add.</param>
    /// <exception cref="InvalidOperationException">Nothing was recorded.</exception>
    /// <exception cref="PlanException">A plan cannot hold the sampler.</exception>
    public AccelerationPlan Plan(params IReadOnlyList<IStrategy> learned)
    {
        ArgumentNullException.ThrowIfNull(learned);
        return _size is null ? throw new InvalidOperationException("Nothing was recorded yet.") : SamplerPlan.Learned(_plain, _size, learned);
    }

    /// <summary>Refuses samplers of which a part would be recorded as it was made up.</summary>
    internal static void RequirePlain(Sampler sampler)
    {
        if (sampler.Strategies.FirstOrDefault(s => s.Needs.ChoosesBranches || s.Needs.Sites.Any(c => c.Phase == HookPhase.Cache)) is { } other)
        {
            throw new ArgumentException($"What is left out cannot be recorded; calibrate without {PlanException.Shorten(other.Tag)}.");
        }

        if (sampler.Stages.Count > 1)
        {
            throw new ArgumentException("One calibration holds for one resolution; calibrate without stages.");
        }
    }

    private sealed class Strategy(SitePlan plan) : IStrategy
    {
        public bool Counts { get; set; }

        public RecorderRun? Last { get; set; }

        public string Tag => "recorder";

        public Requirements Needs { get; } = new() { Sites = [.. plan.Claims.Select(w => new SiteClaim(w, HookPhase.Cache))], Signals = plan.Signals };

        public IRun Begin(RunInfo info, RunStore store) => Last = new RecorderRun(plan, info, Counts);
    }
}
