namespace Acceleration;

/// <summary>Records trajectories of plain guidance, and makes a plan in which <see cref="LinearAG"/> spares unconditional evaluations of them.</summary>
public sealed class LinearAGCalibration
{
    private readonly Sampler _plain;
    private readonly Sampler _recording;
    private IReadOnlyList<long>? _size;

    private LinearAGCalibration(Sampler plain, Func<LinearAGFit, Sampler> recording)
    {
        _plain = plain;
        Fit = new(plain.Steps);
        _recording = recording(Fit);
    }

    /// <summary>The fit to what was recorded so far.</summary>
    public LinearAGFit Fit { get; }

    /// <summary>Calibrates for a guided sampler as it is described by now: its network, solver, schedule and guidance. The builder is not changed.</summary>
    /// <exception cref="StrategyConflictException">LinearAG cannot work on it; the message says why.</exception>
    /// <exception cref="ArgumentException">A strategy leaves out guidance branches, or changes outputs of the network, so that weights would be fitted to what it made; or there is a cache budget.</exception>
    public static LinearAGCalibration For(SamplerBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var plain = builder.Build();
        if (plain.Strategies.FirstOrDefault(s => !s.Needs.CombinesBranches) is { } other)
        {
            throw new ArgumentException($"Weights are fitted to plain guidance; calibrate without {PlanException.Shorten(other.Tag)}.", nameof(builder));
        }

        if (plain.CacheBudget is not null)
        {
            throw new ArgumentException("Recording remembers every prediction of a run; calibrate without a cache budget.", nameof(builder));
        }

        // What it refuses is refused before hours are spent on recording.
        builder.BuildWith(new LinearAG([]));
        return new(plain, fit => builder.BuildWith(new Recorder(fit)));
    }

    /// <summary>Samples a request with full guidance and adds its trajectories, one for each sample.</summary>
    /// <param name="request">What to sample; without a negative condition, and of the size of all others.</param>
    /// <param name="cancellation">Stops between steps; the unfinished trajectories are not counted.</param>
    /// <exception cref="ArgumentException">It has a negative condition, or another size than those before.</exception>
    public void Record(SamplingRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Negative is not null)
        {
            throw new ArgumentException("Weights are fitted to the network's own unconditional branch; leave the negative condition out.", nameof(request));
        }

        var size = request.Size ?? _plain.Denoiser.Info.SampleSize;
        if (_size is { } first && !first.SequenceEqual(size))
        {
            throw new ArgumentException($"Weights hold for one resolution: this request has size [{string.Join(", ", size)}], the first one had [{string.Join(", ", first)}].", nameof(request));
        }

        using var result = _recording.Generate(request, cancellation: cancellation);
        _size = size;
    }

    /// <summary>The sampler's plan with the fitted weights, and what it was calibrated for.</summary>
    /// <param name="options">How they are fitted; null for the usual.</param>
    /// <exception cref="InvalidOperationException">Nothing was recorded.</exception>
    /// <exception cref="PlanException">A plan cannot hold the sampler.</exception>
    public AccelerationPlan Plan(LinearFitOptions? options = null)
    {
        options ??= new();
        var plan = _plain.ToPlan();
        var weights = new LinearAG([.. Fit.FitAll(options).Select(f => f.Weights)]) { Tail = options.Tail };
        return plan with { Guidance = [.. plan.Guidance, weights], Calibration = Calibration.Of(_plain, _size) };
    }

    private sealed record Recorder(LinearAGFit Fit) : IStrategy
    {
        public string Tag => "recorder";

        public Requirements Needs => new() { ChangesGuidance = true };

        public IRun Begin(RunInfo info, RunStore store) => new BranchRecorderRun(Fit, store);
    }
}
