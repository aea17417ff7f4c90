namespace Acceleration;

/// <summary>
/// HiCache's series (arXiv 2508.16984): the differences of <see cref="Taylor"/>, continued by scaled Hermite polynomials, F₀ + Σ F(j)·sʲ·H(j)(s·x)/j!, x the distance from the newest entry. At order 1 it
/// is a line with 2·s² of the slope: s = √½ is the line itself, and s = ½ half of it. Higher terms have constants in x and are no multiples of powers, so their size depends on the unit of
/// the abscissa: published over steps. Exact for constants. Keeps Order + 1 entries; with fewer the order is lower.
/// </summary>
/// <param name="Order">0..4; published are 1 and 2.</param>
/// <param name="Scale">s, above 0 and below 1.</param>
[Entry("hermite", "hermite")]
public sealed record Hermite(int Order, double Scale = 0.5) : IForecast
{
    /// <summary>Highest difference.</summary>
    [InTag]
    [Within(0, Polynomial.Highest)]
    public int Order { get; init => field = Require.Within(0, Polynomial.Highest, value); } = Require.Within(0, Polynomial.Highest, Order, nameof(Order));

    /// <summary>s.</summary>
    [InTag("s")]
    [Within(0, 1, OpenBelow = true, OpenAbove = true)]
    public double Scale { get; init => field = Checked(value); } = Checked(Scale);

    /// <inheritdoc/>
    public string Tag => PlanTag.Of(this);

    /// <inheritdoc/>
    public int Depth => Order + 1;

    /// <inheritdoc/>
    public int AtLeast => 1;

    /// <inheritdoc/>
    public double[] Weights(ReadOnlySpan<double> nodes, double target)
    {
        var x = Scale * (target - nodes[0]);
        var (scale, before, now) = (1.0, 0.0, 1.0);
        return Ladder.Weights(nodes, Term);

        // Called with 0, 1, 2 ... in order: H(j) = 2x·H(j − 1) − 2(j − 1)·H(j − 2).
        double Term(int j)
        {
            if (j > 0)
            {
                (scale, before, now) = (scale * Scale / j, now, (2 * x * now) - (2 * (j - 1) * before));
            }

            return scale * now;
        }
    }

    private static double Checked(double scale) =>
        scale is > 0 and < 1 ? scale : throw new ArgumentOutOfRangeException(nameof(Scale), scale, "Must be a number above 0 and below 1.");
}
