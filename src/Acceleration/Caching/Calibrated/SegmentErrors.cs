namespace Acceleration;

/// <summary>
/// LeMiCa's calibration (2025, arXiv 2511.00090): what the result loses where only the steps between two computed ones are left out, for every pair of them, measured by running the rest of the trajectory from there. A request
/// takes about steps² · (longest − 1)/2 steps, or with a stride of s 3 · steps²/2s. <see cref="LexicographicPath"/> chooses the computed steps from it.
/// </summary>
public sealed class SegmentErrors
{
    private readonly ScriptedWhen _script = new();
    private readonly Sampler _plain;
    private readonly Sampler _scripted;
    private readonly double[,] _sums;
    private IReadOnlyList<long>? _size;

    private SegmentErrors(SamplerBuilder builder, Where where, IHow how, int longest, int stride)
    {
        (_plain, Where, How, Longest, Stride) = (builder.Build(), where, how, longest, Require.AtLeast(1, stride, nameof(stride)));
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

    /// <summary>Of one in so many steps the segments that end there are followed to the end of the trajectory.</summary>
    public int Stride { get; }

    /// <summary>Samples measured.</summary>
    public int Samples { get; private set; }

    /// <summary>Steps that one request takes.</summary>
    public int StepsOfRequest => SegmentGrowth.StepsOfRequest(_plain.Steps, Longest, Stride);

    /// <summary>[steps, steps]: entry [i, j] is the mean absolute error of the result where the steps between i and j are left out; NaN for longer segments. With a <see cref="Stride"/> above 1 some are estimated, <see cref="For"/>.</summary>
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
    /// <param name="stride">1 follows every segment to the end of the trajectory, as published. Above 1, of one in so many ends the shortest, the middle and the longest segment are followed; what all others lose is what they lose up to their own end, times what it
    /// grows to from there, interpolated between those that were followed.</param>
    /// <exception cref="StrategyConflictException">The network has no such place, or it cannot be made up so there.</exception>
    /// <exception cref="ArgumentException">A strategy leaves something out already, or the sampler changes its resolution on the way.</exception>
    public static SegmentErrors For(SamplerBuilder builder, Where where, IHow how, int longest, int stride = 1)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(where);
        ArgumentNullException.ThrowIfNull(how);
        return new(builder, where, how, longest, stride);
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
        var growth = new SegmentGrowth(steps, Longest, Stride);
        var walk = new Walk(_script, step, cancellation);
        using var main = _scripted.Start(request);
        using var full = main.Clone();
        List<float[]> path = [HostReads.Floats(full.Latents)];
        while (!full.IsFinished)
        {
            walk.Take(full, skips: false);

            // Where every segment is followed, the result alone is compared.
            path.Add(Stride > 1 || full.IsFinished ? HostReads.Floats(full.Latents) : []);
        }

        double Off(SamplingSession session, int after) => Vectors.Distance(HostReads.Floats(session.Latents), path[after]) / path[^1].Length;
        for (var i = 0; i < steps - 2; i++)
        {
            walk.Take(main, skips: false);
            using var skipping = main.Clone();
            for (var j = i + 2; j < steps && j - i <= Longest; j++)
            {
                walk.Take(skipping, skips: true);
                var local = Stride > 1 ? Off(skipping, j) : double.NaN;
                if (!growth.Follows(i, j))
                {
                    growth.Add(i, j, local);
                    continue;
                }

                using var tail = skipping.Clone();
                walk.ToEnd(tail);
                growth.Add(i, j, local, Off(tail, steps));
            }
        }

        var ends = growth.Ends();
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
    public AccelerationPlan Plan(Cached learned) => _size is null ? throw new InvalidOperationException("Nothing was measured yet.") : SamplerPlan.Learned(_plain, _size, [learned]);

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
