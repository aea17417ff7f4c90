namespace Acceleration;

/// <summary>
/// TeaCache's calibration (Liu et al., 2024, arXiv 2411.19108): the polynomial that tells from the relative change of a signal how much the output changes, by least squares in float64. Published ones are of degree 4 and were fitted to
/// about 70 prompts.
/// </summary>
public static class ChangePolynomial
{
    /// <summary>What the triangle's diagonal may fall to, as a part of its largest entry, until unknowns count as not determined.</summary>
    private const double LeastCondition = 1e-13;

    /// <summary>The coefficients, that of the highest power first.</summary>
    /// <param name="signal">Relative changes of the signal from step to step.</param>
    /// <param name="output">Relative changes of the output over the same steps.</param>
    /// <param name="degree">Degree, 0 to 8.</param>
    /// <exception cref="ArgumentException">They are not as many, a value is not finite, or so few signals differ that the coefficients are not determined.</exception>
    public static IReadOnlyList<double> Fit(ReadOnlySpan<double> signal, ReadOnlySpan<double> output, int degree = 4)
    {
        Require.Within(0, 8, degree, nameof(degree));
        if (signal.Length != output.Length || signal.Length <= degree)
        {
            throw new ArgumentException($"A polynomial of degree {degree} is fitted to at least {degree + 1} pairs; got {signal.Length} changes of the signal and {output.Length} of the output.", nameof(signal));
        }

        // Powers of numbers up to 1 stay alike in size.
        var scale = 0.0;
        for (var i = 0; i < signal.Length; i++)
        {
            if (!double.IsFinite(signal[i]) || !double.IsFinite(output[i]))
            {
                throw new ArgumentException(FormattableString.Invariant($"Pair {i} is ({signal[i]}, {output[i]}); all must be finite."), nameof(signal));
            }

            scale = Math.Max(scale, Math.Abs(signal[i]));
        }

        scale = scale == 0 ? 1 : scale;
        var rows = new double[signal.Length, degree + 1];
        for (var i = 0; i < signal.Length; i++)
        {
            for (var (power, value) = (0, 1.0); power <= degree; power++, value *= signal[i] / scale)
            {
                rows[i, degree - power] = value;
            }
        }

        var fit = new LeastSquares(rows);
        if (!(fit.Condition > LeastCondition))
        {
            throw new ArgumentException($"The {signal.Length} changes of the signal hardly differ, so that a polynomial of degree {degree} is not determined: record more runs, or use a lower degree.", nameof(signal));
        }

        return [.. fit.Solve(output.ToArray()).Select((c, i) => c / Math.Pow(scale, degree - i))];
    }

    /// <summary>Its value.</summary>
    /// <param name="coefficients">That of the highest power first.</param>
    /// <param name="change">Relative change of the signal.</param>
    public static double At(IReadOnlyList<double> coefficients, double change)
    {
        ArgumentNullException.ThrowIfNull(coefficients);
        return coefficients.Aggregate(0.0, (sum, c) => (sum * change) + c);
    }
}
