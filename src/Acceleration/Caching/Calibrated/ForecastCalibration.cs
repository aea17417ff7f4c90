using static TorchSharp.torch;

namespace Acceleration;

/// <summary>
/// Fits a <see cref="FittedForecast"/> to a sampler's own trajectories, and finds the steps in which it should evaluate:
/// <code>
/// using var calibration = ForecastCalibration.For(Sampler.For(network).Ddim(50).Guidance(2));
/// calibration.Record(new() { Condition = labels, Seed = 1000 });
/// var fit = calibration.Search(evaluations: 14);
/// calibration.Plan(fit.Forecast).Save("forecast.json");
/// </code>
/// Each span is fitted on runs that use the spans fitted before it, to arrive at the latents of full evaluation: a least-squares problem, because a solver's step is affine in the network's output.
/// </summary>
public sealed partial class ForecastCalibration : IDisposable
{
    private readonly Sampler _plain;
    private readonly Sampler _probing;
    private readonly Probe _probe;
    private readonly List<ForecastBatch> _batches = [];
    private IReadOnlyList<long>? _size;

    private ForecastCalibration(Sampler plain, Sampler probing, Probe probe) => (_plain, _probing, _probe) = (plain, probing, probe);

    /// <summary>Trajectories recorded so far.</summary>
    public long Trajectories => _batches.Sum(b => b.Latents[0].size(0));

    /// <summary>Evaluations of one sample without a forecast.</summary>
    public int FullEvaluations => _plain.Steps * (IsGuided ? 2 : 1);

    private bool IsGuided => _plain.Info.IsGuided;

    // Of a variance nothing is known before the first evaluation.
    private ForecastSteps Steps => new(_plain.Steps, IsGuided, _plain.Denoiser.Info.LearnedVariance, _plain.Denoiser.Info.Prediction == PredictionType.Flow);

    /// <summary>Prepares a fit to a sampler.</summary>
    /// <param name="builder">Network, solver, noise levels and how branches are combined; no other strategies.</param>
    /// <exception cref="ArgumentException">There are other strategies, or clean samples are clipped, so that a step is not affine in the network's output.</exception>
    /// <exception cref="StrategyConflictException">A fitted forecast cannot work on this sampler.</exception>
    public static ForecastCalibration For(SamplerBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var plain = builder.Build();
        if (plain.Strategies.FirstOrDefault(s => !s.Needs.CombinesBranches) is { } other)
        {
            throw new ArgumentException($"A forecast is fitted to full evaluation; calibrate without {PlanException.Shorten(other.Tag)}.", nameof(builder));
        }

        if (plain.Clip is not null)
        {
            throw new ArgumentException("A forecast is fitted to steps that are affine in the network's output; calibrate without clipping clean samples.", nameof(builder));
        }

        // What it refuses is refused before minutes are spent on recording.
        builder.BuildWith(new FittedForecast([new(0, EvaluatedBranches.All, 0, [], [])]));
        Probe probe = new();
        return new(plain, builder.BuildWith(probe), probe);
    }

    /// <summary>Runs a request in full and remembers its latents before and after every step, on the network's device.</summary>
    /// <param name="request">Its seeds must not be those on which the fit will be judged.</param>
    /// <param name="cancellation">Stops between steps; nothing of the request is remembered then.</param>
    /// <exception cref="ArgumentException">The request has a negative condition, or another size than the first one.</exception>
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

        var latents = new List<Tensor>();
        SamplingSession? start = null;
        try
        {
            using var session = _plain.Start(request);
            latents.Add(session.Latents.clone().DetachFromDisposeScope());
            while (!session.IsFinished)
            {
                session.Advance(cancellation);
                latents.Add(session.Latents.clone().DetachFromDisposeScope());
            }

            start = _probing.Start(request);
        }
        catch
        {
            latents.ForEach(l => l.Dispose());
            throw;
        }

        _batches.Add(new(start, latents));
        _size = size;
    }

    /// <summary>Fits the weights for given steps: twice, so that each trajectory counts by the error that the first fit leaves it.</summary>
    /// <param name="steps">Ascending; steps before the first one go on the latents alone.</param>
    /// <param name="cancellation">Stops between network calls.</param>
    /// <exception cref="ArgumentException">There are no steps, they do not ascend, or one does not exist.</exception>
    /// <exception cref="InvalidOperationException">Nothing has been recorded.</exception>
    public ForecastFit Fit(IReadOnlyList<ForecastStep> steps, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(steps);
        RequireTrajectories();
        using var walk = Walk();
        walk.Fit(Whole(steps), cancellation);
        walk.Weigh();
        return walk.Fit(Whole(steps), cancellation) with { Steps = [.. steps] };
    }

    /// <summary>The sampler's plan with a forecast, and what it was fitted to.</summary>
    /// <param name="forecast">From <see cref="Fit"/> or <see cref="Search"/>.</param>
    public AccelerationPlan Plan(FittedForecast forecast)
    {
        ArgumentNullException.ThrowIfNull(forecast);
        var plan = _plain.ToPlan();
        return plan with { Guidance = [.. plan.Guidance, forecast], Calibration = Calibration.Of(_plain, _size) };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _batches.ForEach(b => b.Dispose());
        _batches.Clear();
    }

    private ForecastWalk Walk()
    {
        foreach (var batch in _batches)
        {
            batch.Weights?.Dispose();
            batch.Weights = null;
        }

        return new(_probe, _batches, _plain.Steps, _plain.Denoiser.Info.LearnedVariance);
    }

    private void RequireTrajectories()
    {
        if (_batches.Count == 0)
        {
            throw new InvalidOperationException("There are no trajectories to fit to; record some first.");
        }
    }

    /// <summary>The steps with the one in front that goes on the latents alone.</summary>
    private ForecastStep[] Whole(IReadOnlyList<ForecastStep> steps)
    {
        if (steps.Count == 0 || steps[0].Step < 0 || steps[^1].Step >= _plain.Steps || steps.Zip(steps.Skip(1)).Any(p => p.First.Step >= p.Second.Step))
        {
            throw new ArgumentException($"Steps ascend within 0 to {_plain.Steps - 1}, at least one; got {string.Join(", ", steps)}.", nameof(steps));
        }

        if (steps[0].Step > 0 && _plain.Denoiser.Info.LearnedVariance)
        {
            throw new ArgumentException($"{_plain.Denoiser.Info.Name} predicts its variance, which nothing is known of before the first evaluation: begin with step 0, not {steps[0].Step}.", nameof(steps));
        }

        return steps[0].Step == 0 ? [.. steps] : [new(0, EvaluatedBranches.None), .. steps];
    }
}
