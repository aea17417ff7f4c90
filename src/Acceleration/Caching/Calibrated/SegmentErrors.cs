namespace Acceleration;

/// <summary>
/// LeMiCa's calibration (2025, arXiv 2511.00090): what the result loses where only the steps between two computed ones are left out, for every pair of them, measured by running the rest of the trajectory from there. A request
/// takes about steps² · (longest − 1)/2 steps. <see cref="LexicographicPath"/> chooses the computed steps from it.
/// </summary>
public sealed class SegmentErrors
{
    private readonly ScriptedWhen _script = new();
    private readonly Sampler _plain;
    private readonly Sampler _scripted;
    private readonly double[,] _sums;
    private IReadOnlyList<long>? _size;

    private SegmentErrors(SamplerBuilder builder, Where where, IHow how, int longest)
    {
        (_plain, Where, How, Longest) = (builder.Build(), where, how, longest);
        TrajectoryRecorder.RequirePlain(_plain);
        Require.Within(2, Math.Max(2, _plain.Steps - 1), longest, nameof(longest));
        _scripted = builder.BuildWith(new Cached(where, _script, how));
        _sums = new double[_plain.Steps, _plain.Steps];
    }

    /// <summary>Where steps are left out.</summary>
    public Where Where { get; }

    /// <summary>How left-out steps are made up.</summary>
    public IHow How { get; }

    /// <summary>Steps from a computed one to the next at most.</summary>
    public int Longest { get; }

    /// <summary>Samples measured.</summary>
    public int Samples { get; private set; }

    /// <summary>Steps that one request takes.</summary>
    public int StepsOfRequest
    {
        get
        {
            var (steps, taken) = (_plain.Steps, _plain.Steps + Math.Max(0, _plain.Steps - 2));
            for (var i = 0; i < steps - 2; i++)
            {
                for (var j = i + 2; j < steps && j - i <= Longest; j++)
                {
                    // The one that is left out, and the tail.
                    taken += 1 + steps - j;
                }
            }

            return taken;
        }
    }

    /// <summary>[steps, steps]: entry [i, j] is the mean absolute error of the result where the steps between i and j are left out; NaN for segments that were not measured.</summary>
    /// <exception cref="InvalidOperationException">Nothing was measured.</exception>
    public double[,] Errors
    {
        get
        {
            if (Samples == 0)
            {
                throw new InvalidOperationException("Nothing was measured yet.");
            }

            var (steps, errors) = (_plain.Steps, new double[_plain.Steps, _plain.Steps]);
            for (var i = 0; i < steps; i++)
            {
                for (var j = 0; j < steps; j++)
                {
                    errors[i, j] = j > i && j - i <= Longest ? _sums[i, j] / Samples : double.NaN;
                }
            }

            return errors;
        }
    }

    /// <summary>Measures a sampler as it is described by now. The builder is not changed.</summary>
    /// <param name="builder">The sampler.</param>
    /// <param name="where">Where steps are left out.</param>
    /// <param name="how">How they are made up.</param>
    /// <param name="longest">Steps from a computed one to the next at most, at least 2.</param>
    /// <exception cref="StrategyConflictException">The network has no such place, or it cannot be made up so there.</exception>
    /// <exception cref="ArgumentException">A strategy leaves something out already, or the sampler changes its resolution on the way.</exception>
    public static SegmentErrors For(SamplerBuilder builder, Where where, IHow how, int longest)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(where);
        ArgumentNullException.ThrowIfNull(how);
        return new(builder, where, how, longest);
    }

    /// <summary>Measures all segments on a request.</summary>
    /// <param name="request">What to sample; of the size of all others.</param>
    /// <param name="step">Told after every step, of which there are <see cref="StepsOfRequest"/>.</param>
    /// <param name="cancellation">Stops between sites; the unfinished request counts nothing.</param>
    /// <exception cref="ArgumentException">It has another size than those before.</exception>
    public void Record(SamplingRequest request, Action? step = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var size = request.Size ?? _plain.Denoiser.Info.SampleSize;
        if (_size is { } first && !first.SequenceEqual(size))
        {
            throw new ArgumentException($"One calibration holds for one resolution: this request has size [{string.Join(", ", size)}], the first one had [{string.Join(", ", first)}].", nameof(request));
        }

        var steps = _plain.Steps;
        var ends = new double[steps, steps];
        var walk = new Walk(_script, step, cancellation);
        using var main = _scripted.Start(request);
        using var full = main.Clone();
        walk.ToEnd(full);
        var picture = HostReads.Floats(full.Latents);
        for (var i = 0; i < steps - 2; i++)
        {
            walk.Take(main, skips: false);
            using var skipping = main.Clone();
            for (var j = i + 2; j < steps && j - i <= Longest; j++)
            {
                walk.Take(skipping, skips: true);
                using var tail = skipping.Clone();
                walk.ToEnd(tail);
                ends[i, j] = Vectors.Distance(HostReads.Floats(tail.Latents), picture) / picture.Length;
            }
        }

        for (var i = 0; i < ends.Length; i++)
        {
            _sums[i / steps, i % steps] += ends[i / steps, i % steps] * request.Condition.Rows;
        }

        (_size, Samples) = (size, Samples + request.Condition.Rows);
    }

    /// <summary>The combination that computes the best of so many steps.</summary>
    /// <param name="computed">Computed steps, 2 to all.</param>
    /// <exception cref="InvalidOperationException">Nothing was measured, or so few steps need longer segments than <see cref="Longest"/>.</exception>
    public Cached Fit(int computed) => new(Where, new AtSteps(LexicographicPath.Of(Errors, computed)), How);

    /// <summary>The sampler's plan with what was learned, as of <see cref="TrajectoryRecorder.Plan"/>.</summary>
    /// <param name="learned">The combination.</param>
    /// <inheritdoc cref="TrajectoryRecorder.Plan"/>
    public AccelerationPlan Plan(Cached learned)
    {
        var plan = _plain.ToPlan();
        return _size is null
            ? throw new InvalidOperationException("Nothing was measured yet.")
            : plan with { Strategies = [.. plan.Strategies, learned], Calibration = Calibration.Of(_plain, _size) };
    }

    private sealed class Walk(ScriptedWhen script, Action? told, CancellationToken cancellation)
    {
        public void Take(SamplingSession session, bool skips)
        {
            script.Skips = skips;
            session.Advance(cancellation);
            told?.Invoke();
        }

        public void ToEnd(SamplingSession session)
        {
            while (!session.IsFinished)
            {
                Take(session, skips: false);
            }
        }
    }
}
