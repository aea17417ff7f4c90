namespace Acceleration;

/// <summary>
/// The polynomial through the newest entries over their true spacing (Newton's form; Lagrange's weights): order 0 repeats the last one, order 1 is a
/// line. Exact for data of its order, unlike forecasts from differences taken as derivatives at unit spacing. With fewer entries the order is lower.
/// </summary>
/// <param name="Order">0..4. High orders amplify noise: 1 and 2 are the useful ones.</param>
[Entry("polynomial", "")]
public sealed record Polynomial(int Order) : IForecast
{
    internal const int Highest = 4;

    /// <summary>Degree of the polynomial.</summary>
    [InTag]
    [Within(0, Highest)]
    public int Order { get; init => field = Require.Within(0, Highest, value); } = Require.Within(0, Highest, Order, nameof(Order));

    /// <inheritdoc/>
    public string Tag => PlanTag.Of(this);

    /// <inheritdoc/>
    public int Depth => Order + 1;

    /// <inheritdoc/>
    public int AtLeast => 1;

    /// <inheritdoc/>
    public double[] Weights(ReadOnlySpan<double> nodes, double target)
    {
        var weights = new double[nodes.Length];
        for (var i = 0; i < nodes.Length; i++)
        {
            weights[i] = 1;
            for (var j = 0; j < nodes.Length; j++)
            {
                weights[i] *= i == j ? 1 : (target - nodes[j]) / (nodes[i] - nodes[j]);
            }
        }

        return weights;
    }
}
