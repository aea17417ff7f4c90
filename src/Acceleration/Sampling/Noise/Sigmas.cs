using System.Numerics;

namespace Acceleration;

/// <summary>Descending noise levels, in double; a schedule rounds them to float32 at the end. The level 0 is not among them.</summary>
public static class Sigmas
{
    /// <summary>S at the given timesteps.</summary>
    /// <param name="table">Noise levels; not with zero terminal SNR.</param>
    /// <param name="timesteps">Training steps, possibly fractional.</param>
    public static double[] Plain<T>(NoiseTable table, ReadOnlySpan<T> timesteps)
        where T : INumberBase<T>
    {
        var sigmas = new double[timesteps.Length];
        for (var k = 0; k < sigmas.Length; k++)
        {
            sigmas[k] = SigmaLookup.RatioAt(table, double.CreateChecked(timesteps[k]));
        }

        return sigmas;
    }

    /// <summary><see cref="SigmaShape.LogLinear"/>: N + 1 levels over the whole table, to which a final one is appended like to any other.</summary>
    /// <param name="table">Noise levels; not with zero terminal SNR.</param>
    /// <param name="steps">N, at least 1.</param>
    public static double[] LogLinear(NoiseTable table, int steps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        return Exponential(SigmaLookup.RatioAt(table, table.TrainSteps), SigmaLookup.RatioAt(table, 0), steps + 1);
    }

    /// <summary><see cref="SigmaShape.Karras"/>.</summary>
    /// <param name="max">First level, finite.</param>
    /// <param name="min">Last level, above 0 and not above <paramref name="max"/>.</param>
    /// <param name="steps">Number of levels, at least 1 (then it is <paramref name="max"/>).</param>
    /// <param name="rho">ρ, above 0: the larger, the more levels at low noise.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public static double[] Karras(double max, double min, int steps, double rho = 7)
    {
        Require(max, min, steps);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rho);
        var (from, to) = (Math.Pow(max, 1 / rho), Math.Pow(min, 1 / rho));
        return Array.ConvertAll(NumericRange.Linspace(0, 1, steps), ramp => Math.Pow(from + (ramp * (to - from)), rho));
    }

    /// <summary><see cref="SigmaShape.Exponential"/>.</summary>
    /// <inheritdoc cref="Karras"/>
    public static double[] Exponential(double max, double min, int steps)
    {
        Require(max, min, steps);
        return Array.ConvertAll(NumericRange.Linspace(Math.Log(max), Math.Log(min), steps), Math.Exp);
    }

    /// <summary><see cref="SigmaShape.Beta"/>.</summary>
    /// <param name="max">First level, finite.</param>
    /// <param name="min">Last level, above 0 and not above <paramref name="max"/>.</param>
    /// <param name="steps">Number of levels, at least 1 (then it is <paramref name="max"/>).</param>
    /// <param name="alpha">First parameter of the distribution, above 0.</param>
    /// <param name="beta">Second parameter of the distribution, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public static double[] Beta(double max, double min, int steps, double alpha = 0.6, double beta = 0.6)
    {
        Require(max, min, steps);
        return Array.ConvertAll(
            NumericRange.Linspace(0, 1, steps), ramp => min + (BetaDistribution.Quantile(1 - ramp, alpha, beta) * (max - min)));
    }

    /// <summary>One of the shapes that need nothing but the two ends.</summary>
    /// <param name="shape">Karras, exponential, beta or Lu.</param>
    /// <param name="max">First level, finite.</param>
    /// <param name="min">Last level, above 0 and not above <paramref name="max"/>.</param>
    /// <param name="steps">Number of levels, at least 1 (then it is <paramref name="max"/>).</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range, or the shape needs timesteps or a table.</exception>
    public static double[] Between(SigmaShape shape, double max, double min, int steps) => shape switch
    {
        SigmaShape.Karras => Karras(max, min, steps),
        SigmaShape.Exponential or SigmaShape.Lu => Exponential(max, min, steps),
        SigmaShape.Beta => Beta(max, min, steps),
        _ => throw new ArgumentOutOfRangeException(nameof(shape), shape, "This shape is not given by its two ends."),
    };

    private static void Require(double max, double min, int steps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        if (!(min > 0 && min <= max && double.IsFinite(max)))
        {
            throw new ArgumentOutOfRangeException(nameof(min), min, FormattableString.Invariant($"Noise levels fall from a finite maximum to a minimum above 0, not from {max} to {min}."));
        }
    }
}
