namespace Acceleration;

/// <summary>Between training steps and the noise levels S = σ/α of a <see cref="NoiseTable"/>, fractions included.</summary>
public static class SigmaLookup
{
    private const double SmallestRatio = 1e-10;

    /// <summary>S at a training step: linear in S between neighbours, flat beyond the ends.</summary>
    /// <exception cref="ArgumentException">The table ends at zero SNR, where S is infinite.</exception>
    public static double RatioAt(NoiseTable table, double time)
    {
        RequireFinite(table);
        var last = table.TrainSteps - 1;
        if (!(time > 0))
        {
            return table.SigmaRatios[0];
        }

        if (time >= last)
        {
            return table.SigmaRatios[last];
        }

        var lo = (int)time;
        double from = table.SigmaRatios[lo];
        double to = table.SigmaRatios[lo + 1];
        return ((to - from) * (time - lo)) + from;
    }

    /// <summary>The training step at which S is <paramref name="ratio"/>: linear in ln S between neighbours, clamped to 0..T − 1.</summary>
    /// <exception cref="ArgumentException">The table ends at zero SNR, where S is infinite.</exception>
    public static double TimeOf(NoiseTable table, double ratio)
    {
        RequireFinite(table);
        if (table.TrainSteps == 1)
        {
            return 0;
        }

        // In float32 like the table's own logarithms: the largest level is then found at T − 1 exactly, also where its time is cut to a whole step.
        var log = (float)Math.Log(Math.Max(ratio, SmallestRatio));
        var lo = table.TrainSteps - 1;
        while (lo > 0 && MathF.Log(table.SigmaRatios[lo]) > log)
        {
            lo--;
        }

        // The last of those below, also where a table's end is not the largest (a finite terminal SNR after a steep rise).
        lo = Math.Min(lo, table.TrainSteps - 2);
        var (logLo, logHi) = (MathF.Log(table.SigmaRatios[lo]), MathF.Log(table.SigmaRatios[lo + 1]));
        var weight = Math.Clamp((logLo - log) / (logLo - logHi), 0, 1);
        return ((double)(1 - weight) * lo) + ((double)weight * (lo + 1));
    }

    /// <summary>How many training steps have λ = ln(α/σ) at or above <paramref name="lambdaMin"/>: DPM-Solver cuts cosine tables at −5.1.</summary>
    public static int ClippedSteps(NoiseTable table, double lambdaMin)
    {
        ArgumentNullException.ThrowIfNull(table);
        return table.SigmaRatios.Count(s => -MathF.Log(s) >= lambdaMin);
    }

    private static void RequireFinite(NoiseTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        if (!float.IsFinite(table.SigmaRatios[^1]))
        {
            throw new ArgumentException(
                $"The table ends at zero SNR, where sigma is infinite: use {nameof(NoiseTable)}.{nameof(NoiseTable.WithFiniteTerminalSnr)}.", nameof(table));
        }
    }
}
