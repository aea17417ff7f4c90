namespace Acceleration;

/// <summary>
/// Taylor's series from differences, in the form TaylorSeer was published in (Liu et al., 2025, arXiv 2503.06923): Σ F(j)·xʲ/j!, x the distance from the newest entry and F(j) the j-th difference,
/// all divided by the distance of the newest two entries. Exact for lines alone, whatever the order; <see cref="Polynomial"/>, which is exact for its order, is the better
/// choice where nothing has to agree with published figures. Keeps Order + 1 entries; with fewer the order is lower.
/// </summary>
/// <param name="Order">0..4; published are 1 and 2, and 4 on DiT. 0 repeats the last entry.</param>
[Entry("taylor", "taylor")]
public sealed record Taylor(int Order) : IForecast
{
    /// <summary>Highest derivative.</summary>
    [InTag]
    [Within(0, Polynomial.Highest)]
    public int Order { get; init => field = Require.Within(0, Polynomial.Highest, value); } = Require.Within(0, Polynomial.Highest, Order, nameof(Order));

    /// <summary>
    /// Entries of steps before this one give no differences; null for none such. The authors' programs begin to take them two steps before the end of the warm-up, so that W − 2 agrees with theirs.
    /// Counts steps, so that the abscissa is <see cref="Abscissa.Step"/>.
    /// </summary>
    [InTag("since")]
    [AtLeast(0)]
    public int? Since { get; init => field = Require.AtLeast(0, value); }

    /// <inheritdoc/>
    public string Tag => PlanTag.Of(this);

    /// <inheritdoc/>
    public int Depth => Order + 1;

    /// <inheritdoc/>
    public int AtLeast => 1;

    /// <inheritdoc/>
    public string? Refuse(Abscissa over) =>
        Since is { } since && over != Abscissa.Step ? $"{Tag} leaves out entries before step {since}, which {over} does not count; use {nameof(Abscissa)}.{nameof(Abscissa.Step)}, or leave {nameof(Since)} out." : null;

    /// <inheritdoc/>
    public double[] Weights(ReadOnlySpan<double> nodes, double target)
    {
        var counted = 1;
        while (counted < nodes.Length && !(nodes[counted] < Since))
        {
            counted++;
        }

        var distance = target - nodes[0];
        var weights = new double[nodes.Length];
        var term = 1.0;
        Ladder.Weights(nodes[..counted], j => j == 0 ? 1 : term *= distance / j).CopyTo(weights, 0);
        return weights;
    }
}
