namespace Acceleration;

/// <summary>
/// Timesteps of the published schedulers, descending. One function per family, because the families round and count differently.
/// </summary>
public static class Timesteps
{
    /// <summary>DDIM and DDPM.</summary>
    /// <param name="trainSteps">T, at least 1.</param>
    /// <param name="steps">N, 1..T.</param>
    /// <param name="spacing">How they are picked.</param>
    /// <param name="stepsOffset">Added to leading timesteps; of no effect for the others.</param>
    /// <param name="strictParity">
    /// Leaves the extra timestep −1 that trailing spacing of the reference has where rounding makes one stride too many (T = 1000: N = 61,
    /// 103, 121, ...). Off, exactly N timesteps are returned.
    /// </param>
    /// <returns>N timesteps, T − 1 at most.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A count is outside its range, or the offset leads beyond the last training step.</exception>
    public static long[] Ddim(int trainSteps, int steps, TimestepSpacing spacing, int stepsOffset = 0, bool strictParity = false)
    {
        Require(trainSteps, steps);
        return spacing switch
        {
            TimestepSpacing.Linspace => Integers(Descending(NumericRange.Linspace(0, trainSteps - 1, steps))),
            TimestepSpacing.Leading => Strided(trainSteps, trainSteps / steps, steps - 1, steps, stepsOffset),
            TimestepSpacing.Trailing => Trailing(trainSteps, trainSteps, steps, strictParity),
            _ => throw Unknown(spacing),
        };
    }

    /// <summary>Euler, Euler ancestral, Heun and LMS: as <see cref="Ddim"/>, but linspace is not rounded. Values are exact in float32.</summary>
    /// <inheritdoc cref="Ddim"/>
    public static double[] Euler(int trainSteps, int steps, TimestepSpacing spacing, int stepsOffset = 0, bool strictParity = false)
    {
        Require(trainSteps, steps);
        return spacing == TimestepSpacing.Linspace
            ? Array.ConvertAll(Descending(NumericRange.Linspace(0, trainSteps - 1, steps)), static t => (double)(float)t)
            : Array.ConvertAll(Ddim(trainSteps, steps, spacing, stepsOffset, strictParity), static t => (double)t);
    }

    /// <summary>DPM-Solver, UniPC and DEIS: linspace and leading divide into N + 1 intervals, so the cleanest timestep is not visited.</summary>
    /// <param name="trainSteps">T, at least 1.</param>
    /// <param name="steps">N, 1..T.</param>
    /// <param name="spacing">How they are picked.</param>
    /// <param name="stepsOffset">Added to leading timesteps; of no effect for the others.</param>
    /// <param name="clippedSteps">Training steps left by <see cref="SigmaLookup.ClippedSteps"/>, or null for all.</param>
    /// <param name="strictParity">As in <see cref="Ddim"/>.</param>
    /// <returns>N timesteps; fewer for trailing spacing where <paramref name="clippedSteps"/> is shorter than T by a stride or more.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A count is outside its range, or leading spacing has no whole stride.</exception>
    public static long[] Multistep(
        int trainSteps, int steps, TimestepSpacing spacing, int stepsOffset = 0, int? clippedSteps = null, bool strictParity = false)
    {
        Require(trainSteps, steps);
        var last = clippedSteps ?? trainSteps;
        ArgumentOutOfRangeException.ThrowIfLessThan(last, 1, nameof(clippedSteps));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(last, trainSteps, nameof(clippedSteps));
        return spacing switch
        {
            TimestepSpacing.Linspace => Integers(Descending(NumericRange.Linspace(0, last - 1, steps + 1))[..^1]),
            TimestepSpacing.Leading when last <= steps => throw new ArgumentOutOfRangeException(
                nameof(steps), steps, $"Leading spacing over {last} training steps has room for {last - 1} steps."),
            TimestepSpacing.Leading => Strided(trainSteps, last / (steps + 1), steps, steps, stepsOffset),
            TimestepSpacing.Trailing => Trailing(trainSteps, last, steps, strictParity),
            _ => throw Unknown(spacing),
        };
    }

    /// <summary>The whole training steps next to given noise levels, made distinct.</summary>
    /// <param name="table">Noise levels; not with zero terminal SNR.</param>
    /// <param name="ratios">S = σ/α, descending; at most as many as there are training steps.</param>
    /// <returns>As many timesteps, strictly descending.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There are more levels than training steps.</exception>
    public static long[] Nearest(NoiseTable table, ReadOnlySpan<double> ratios)
    {
        ArgumentNullException.ThrowIfNull(table);
        Require(table.TrainSteps, ratios.Length);
        var timesteps = new long[ratios.Length];
        for (var k = 0; k < timesteps.Length; k++)
        {
            // Near both ends one training step can be a larger stride than asked for: stay below the last one and above those to come.
            var highest = k == 0 ? table.TrainSteps - 1 : timesteps[k - 1] - 1;
            timesteps[k] = Math.Clamp((long)Math.Round(SigmaLookup.TimeOf(table, ratios[k])), timesteps.Length - 1 - k, highest);
        }

        return timesteps;
    }

    private static long[] Strided(int trainSteps, int stride, int first, int count, int offset)
    {
        var timesteps = new long[count];
        for (var k = 0; k < count; k++)
        {
            timesteps[k] = ((long)(first - k) * stride) + offset;
        }

        return timesteps[0] < trainSteps && timesteps[^1] >= 0
            ? timesteps
            : throw new ArgumentOutOfRangeException(
                nameof(offset), offset, FormattableString.Invariant($"With this offset timesteps run from {timesteps[0]} to {timesteps[^1]}; they must lie in 0..{trainSteps - 1}."));
    }

    private static long[] Trailing(int trainSteps, int last, int steps, bool strictParity)
    {
        var ends = NumericRange.Arange(last, 0, -(double)trainSteps / steps);
        var count = strictParity ? ends.Length : Math.Min(ends.Length, steps);
        return Array.ConvertAll(Integers(ends[..count]), static t => t - 1);
    }

    private static long[] Integers(double[] values) => Array.ConvertAll(values, static v => (long)Math.Round(v));

    private static double[] Descending(double[] values)
    {
        Array.Reverse(values);
        return values;
    }

    private static void Require(int trainSteps, int steps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trainSteps, 1);
        if (steps < 1 || steps > trainSteps)
        {
            throw new ArgumentOutOfRangeException(nameof(steps), steps, $"Between 1 and {trainSteps} steps can be taken.");
        }
    }

    private static ArgumentOutOfRangeException Unknown(TimestepSpacing spacing) => new(nameof(spacing), spacing, "Unknown timestep spacing.");
}
