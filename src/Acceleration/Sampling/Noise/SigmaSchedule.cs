namespace Acceleration;

/// <summary>
/// Schedules of the solvers that count noise as S = σ/α (Euler, Heun, KDPM2, LMS): x = x0 + S·ε, and the network is given x/√(S² + 1). Times may be fractional.
/// </summary>
public static class SigmaSchedule
{
    /// <summary>A schedule through given noise levels; the network is told the fractional training steps that have them.</summary>
    /// <param name="table">Noise levels of training; a last one without signal counts as S = 4096.</param>
    /// <param name="levels">N + 1 levels S, strictly descending; the last one, where the run arrives, is 0 or above and may equal the one before it.</param>
    /// <param name="spacing">First latents have deviation S, or with <see cref="TimestepSpacing.Leading"/> √(S² + 1).</param>
    /// <param name="continuous">Whether the network is told ¼·ln S instead.</param>
    /// <exception cref="ArgumentException">Fewer than two levels, or they do not descend.</exception>
    public static Schedule FromLevels(NoiseTable table, IReadOnlyList<double> levels, TimestepSpacing spacing = TimestepSpacing.Linspace, bool continuous = false)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(levels);
        if (levels.Count < 2)
        {
            throw new ArgumentException($"A schedule goes through two levels at least, not {levels.Count}: the last one is where it arrives.", nameof(levels));
        }

        var finite = table.WithFiniteTerminalSnr();
        return Make("sigma-given", table, [.. levels.SkipLast(1).Select(s => SigmaLookup.TimeOf(finite, (float)s))], [.. levels], spacing, continuous);
    }

    /// <summary>A schedule at given training steps.</summary>
    /// <param name="table">Noise levels of training; a last one without signal counts as S = 4096.</param>
    /// <param name="times">At least one, strictly descending, in 0..T − 1, possibly fractional.</param>
    /// <param name="endsClean">Whether the last step arrives at the clean sample; else at the first training step's noise level.</param>
    /// <param name="spacing">First latents have deviation S, or with <see cref="TimestepSpacing.Leading"/> √(S² + 1).</param>
    /// <exception cref="ArgumentException">No times, or they do not descend, or one is not in the table.</exception>
    public static Schedule FromTimes(NoiseTable table, IReadOnlyList<double> times, bool endsClean = true, TimestepSpacing spacing = TimestepSpacing.Linspace)
    {
        ArgumentNullException.ThrowIfNull(table);
        RequireTimes(times, table.TrainSteps);
        var finite = table.WithFiniteTerminalSnr();
        double[] rounded = [.. times.Select(t => (double)(float)t)];
        return Make("sigma-timesteps", table, rounded, [.. Sigmas.Plain<double>(finite, rounded), endsClean ? 0 : finite.SigmaRatios[0]], spacing);
    }

    /// <summary>Log-linear levels over the whole table, which the network takes for those of given training steps.</summary>
    internal static Schedule LogLinearAt(NoiseTable table, IReadOnlyList<double> times, TimestepSpacing spacing)
    {
        RequireTimes(times, table.TrainSteps);

        // The published list has a level more than there are steps, so that its end is never reached.
        return Make($"sigma-{nameof(SigmaShape.LogLinear).ToLowerInvariant()}", table, [.. times], Sigmas.LogLinear(table.WithFiniteTerminalSnr(), times.Count), spacing, wholeSteps: times.Count + 1);
    }

    /// <summary>Levels with the times that the network is told of.</summary>
    /// <param name="name">Short name for reports.</param>
    /// <param name="table">Noise levels of training; a last one without signal counts as S = 4096.</param>
    /// <param name="times">Training steps, one for each step, possibly fractional.</param>
    /// <param name="levels">S where each step starts and, last, where the last one arrives; strictly descending but for the end, which may equal the level before it.</param>
    /// <param name="spacing">First latents have deviation S, or with <see cref="TimestepSpacing.Leading"/> √(S² + 1), because that never starts at the noisiest level.</param>
    /// <param name="continuous">Whether the network is told ¼·ln S instead.</param>
    /// <param name="wholeSteps">Steps of the published list, where it is longer than what is run; 0 for as many as there are times.</param>
    /// <exception cref="ArgumentException">The lists do not fit each other, or levels do not descend.</exception>
    internal static Schedule Make(
        string name, NoiseTable table, double[] times, double[] levels, TimestepSpacing spacing = TimestepSpacing.Linspace, bool continuous = false, int wholeSteps = 0)
    {
        var finite = table.WithFiniteTerminalSnr();
        RequireDescending(name, levels);
        if (times.Length != levels.Length - 1)
        {
            throw new ArgumentException($"Schedule {name}: {levels.Length} levels do not fit {times.Length} times; one more is right.");
        }

        var first = (float)levels[0];
        GridPoint[] points = [.. times.Select((t, k) => continuous ? Level((float)levels[k]) : GridPoints.VarianceExploding((float)t, levels[k])), End((float)levels[^1])];
        return new Schedule(name, [.. points[..^1]], [.. points[1..]], spacing == TimestepSpacing.Leading ? MathF.Sqrt((first * first) + 1) : first) { Clock = continuous ? NetworkClock.LogSigma : NetworkClock.TrainingStep, Level = Level, WholeSteps = wholeSteps };

        GridPoint Level(float s) => GridPoints.VarianceExploding(continuous ? LogTime(s) : (float)SigmaLookup.TimeOf(finite, s), s);

        GridPoint End(float s) => s == 0 ? GridPoints.VarianceExploding(0, 0) : Level(s);
    }

    /// <summary>¼·ln σ, in float32.</summary>
    internal static double LogTime(float sigma) => 0.25f * MathF.Log(sigma);

    /// <exception cref="ArgumentException">No times, or they do not descend, or one is not in the table.</exception>
    internal static void RequireTimes(IReadOnlyList<double> times, int trainSteps)
    {
        ArgumentNullException.ThrowIfNull(times);
        if (times.Count == 0)
        {
            throw new ArgumentException("A schedule needs at least one timestep.", nameof(times));
        }

        for (var k = 0; k < times.Count; k++)
        {
            if (!(times[k] >= 0 && times[k] <= trainSteps - 1 && (k == 0 || times[k] < times[k - 1])))
            {
                throw new ArgumentException(FormattableString.Invariant($"Timesteps descend within {trainSteps - 1} to 0; number {k} is {times[k]}{(k == 0 ? "" : FormattableString.Invariant($" after {times[k - 1]}"))}."), nameof(times));
            }
        }
    }

    private static void RequireDescending(string name, double[] levels)
    {
        for (var k = 0; k < levels.Length; k++)
        {
            var (isEnd, s, before) = (k == levels.Length - 1, (float)levels[k], k == 0 ? float.MaxValue : (float)levels[k - 1]);
            if (!(float.IsFinite(s) && (isEnd ? s >= 0 && s <= before : s > 0 && s < before)))
            {
                throw new ArgumentException(FormattableString.Invariant($"Schedule {name}: noise levels descend and stay above 0 before the end; level {k} is {s}{(k == 0 ? "" : FormattableString.Invariant($" after {before}"))}."), nameof(levels));
            }
        }
    }
}
