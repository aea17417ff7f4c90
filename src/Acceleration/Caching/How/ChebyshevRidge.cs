namespace Acceleration;

/// <summary>
/// A Chebyshev polynomial fitted to the last entries by ridge regression, blended with half a line: the forecast of stable-diffusion.cpp's cache mode <c>spectrum</c>, with its flaws mended. There the ridge shrinks
/// the constant, so that constants come back 6 to 11 % too small; the abscissa is the step over 50 whatever the number of steps; and the line ignores how far entries lie apart. Here constants are exact, the
/// polynomial spans the entries and the target, and slopes are divided by true distances. <see cref="Published"/> is as published. Keeps 6 entries, from fewer its degree is lower.
/// </summary>
/// <param name="Degree">Degree of the polynomial, 0..4.</param>
[Entry("chebyshev", "cheb")]
public sealed record ChebyshevRidge(int Degree = 3) : IForecast
{
    private const int Kept = 6;

    /// <summary>As in stable-diffusion.cpp; over <see cref="Abscissa.Step"/>.</summary>
    public static ChebyshevRidge Published { get; } = new() { Span = 50, PenaliseConstant = true, Undivided = true };

    /// <summary>Degree of the polynomial.</summary>
    [InTag]
    [Within(0, Polynomial.Highest)]
    public int Degree { get; init => field = Require.Within(0, Polynomial.Highest, value); } = Require.Within(0, Polynomial.Highest, Degree, nameof(Degree));

    /// <summary>Weight of the coefficients' squares beside the squared errors at the entries.</summary>
    [InTag("r")]
    [Within(1e-6, 1e6)]
    public double Ridge { get; init => field = Require.Within(1e-6, 1e6, value); } = 1;

    /// <summary>Share of the polynomial in the forecast; the rest is the line's.</summary>
    [InTag("b")]
    [Within(0, 1)]
    public double Blend { get; init => field = Require.Within(0, 1.0, value); } = 0.4;

    /// <summary>Part of the slope with which the line continues: α of <see cref="Damped"/>.</summary>
    [InTag("s")]
    public double Slope { get; init => field = Require.Finite(value); } = 0.5;

    /// <summary>Whether the line adds the last difference as it is, whatever the distances.</summary>
    [InTag("u")]
    public bool Undivided { get; init; }

    /// <summary>Steps over which the polynomial's variable goes from −1 to 1, beginning with step 0; null to let it go from the oldest entry to the target.</summary>
    [InTag("n")]
    [Above(0)]
    public double? Span { get; init => field = Require.Above(0, value); }

    /// <summary>Whether the ridge shrinks the constant, too.</summary>
    [InTag("c")]
    public bool PenaliseConstant { get; init; }

    /// <inheritdoc/>
    public string Tag => PlanTag.Of(this);

    /// <inheritdoc/>
    public int Depth => Kept;

    /// <inheritdoc/>
    public int AtLeast => 1;

    /// <inheritdoc/>
    public string? Refuse(Abscissa over) =>
        Span is not null && over != Abscissa.Step ? $"{Tag} spans a number of steps, which {over} does not count; use {nameof(Abscissa)}.{nameof(Abscissa.Step)}, or leave {nameof(Span)} out." : null;

    /// <inheritdoc/>
    public double[] Weights(ReadOnlySpan<double> nodes, double target)
    {
        if (nodes.Length == 1)
        {
            return [1];
        }

        var weights = Fitted(nodes, target);
        var line = new Damped(Slope) { Undivided = Undivided }.Weights(nodes[..2], target);
        for (var i = 0; i < weights.Length; i++)
        {
            weights[i] = (Blend * weights[i]) + ((1 - Blend) * (i < 2 ? line[i] : 0));
        }

        return weights;
    }

    /// <summary>The fitted polynomial's value at the target, as weights of the entries: its coefficients for each entry being 1 and the others 0.</summary>
    private double[] Fitted(ReadOnlySpan<double> nodes, double target)
    {
        var (from, length) = (0.0, Span ?? 0);
        if (Span is null)
        {
            from = Math.Min(target, Math.Min(nodes[0], nodes[^1]));
            length = Math.Max(target, Math.Max(nodes[0], nodes[^1])) - from;
        }

        var terms = Math.Min(Degree, nodes.Length - 1) + 1;
        var rows = new double[nodes.Length + terms, terms];
        for (var i = 0; i < nodes.Length; i++)
        {
            Fill(rows, i, Basis((2 * (nodes[i] - from) / length) - 1, terms));
        }

        for (var j = PenaliseConstant ? 0 : 1; j < terms; j++)
        {
            rows[nodes.Length + j, j] = Math.Sqrt(Ridge);
        }

        var at = Basis((2 * (target - from) / length) - 1, terms);
        var fit = new LeastSquares(rows);
        var weights = new double[nodes.Length];
        for (var i = 0; i < weights.Length; i++)
        {
            var entry = new double[nodes.Length + terms];
            entry[i] = 1;
            weights[i] = fit.Solve(entry).Zip(at, (c, b) => c * b).Sum();
        }

        return weights;
    }

    private static void Fill(double[,] rows, int row, double[] values)
    {
        for (var j = 0; j < values.Length; j++)
        {
            rows[row, j] = values[j];
        }
    }

    /// <summary>T₀ ... of a number.</summary>
    private static double[] Basis(double x, int terms)
    {
        var basis = new double[terms];
        for (var j = 0; j < terms; j++)
        {
            basis[j] = j switch { 0 => 1, 1 => x, _ => (2 * x * basis[j - 1]) - basis[j - 2] };
        }

        return basis;
    }
}
