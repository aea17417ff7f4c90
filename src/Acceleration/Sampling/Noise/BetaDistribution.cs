namespace Acceleration;

/// <summary>The quantile function of the beta distribution.</summary>
internal static class BetaDistribution
{
    /// <summary>x in 0..1 below which lies the share <paramref name="p"/> of Beta(a, b).</summary>
    /// <exception cref="ArgumentOutOfRangeException">p is not in 0..1, or a or b is not positive.</exception>
    public static double Quantile(double p, double a, double b)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(a);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(b);
        if (!(p >= 0 && p <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(p), p, "A share lies in 0..1.");
        }

        // The series below needs x up to 1/2 only: the other half is the mirrored distribution.
        var lower = Mass(0.5, a, b);
        var all = lower + Mass(0.5, b, a);
        return p * all <= lower ? LowerHalf(p * all, a, b) : 1 - LowerHalf((1 - p) * all, b, a);
    }

    private static double LowerHalf(double mass, double a, double b)
    {
        var (lo, hi) = (0.0, 0.5);
        while (true)
        {
            var middle = lo + ((hi - lo) / 2);
            if (middle <= lo || middle >= hi)
            {
                return lo;
            }

            (lo, hi) = Mass(middle, a, b) <= mass ? (middle, hi) : (lo, middle);
        }
    }

    /// <summary>∫₀ˣ uᵃ⁻¹(1 − u)ᵇ⁻¹ du = xᵃ·Σ (1 − b)ₙ xⁿ/(n!·(a + n)), for x up to 1/2.</summary>
    private static double Mass(double x, double a, double b)
    {
        var (sum, coefficient) = (1 / a, 1.0);
        for (var n = 1; n < 2000; n++)
        {
            coefficient *= (n - b) / n * x;
            var term = coefficient / (a + n);
            sum += term;
            if (Math.Abs(term) <= 1e-17 * sum)
            {
                break;
            }
        }

        return Math.Pow(x, a) * sum;
    }
}
