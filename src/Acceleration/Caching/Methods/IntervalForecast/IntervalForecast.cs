namespace Acceleration;

/// <summary>
/// Evaluates the network at the first steps and then at every n-th, and continues the prediction as a polynomial in between: fixed interval × forecast, at
/// the guided prediction by default.
/// </summary>
/// <param name="Every">One evaluated step in every N, at least 1; 1 evaluates all.</param>
/// <param name="Order">Order of the forecast: 0 repeats, 1 is a line, 2 a parabola.</param>
/// <param name="Warmup">Steps evaluated at the start, at least Order + 1; null for the larger of 3 and Order + 1.</param>
[Entry("intervalForecast", "IF")]
public sealed record IntervalForecast(int Every, int Order = 1, int? Warmup = null) : CacheMethod
{
    /// <summary>One evaluated step in every N.</summary>
    [InTag]
    [AtLeast(1)]
    public int Every { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, Every, nameof(Every));

    /// <summary>Order of the forecast.</summary>
    [InTag("o")]
    [Within(0, Polynomial.Highest)]
    public int Order { get; init => field = Require.Within(0, Polynomial.Highest, value); } = Require.Within(0, Polynomial.Highest, Order, nameof(Order));

    /// <summary>Steps evaluated at the start.</summary>
    [InTag("w")]
    [AtLeast(1)]
    public int? Warmup { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(Order + 1, Warmup, nameof(Warmup));

    /// <summary>Where predictions are forecast.</summary>
    [InTag(":")]
    public Where Where { get; init; } = Where.Prediction;

    /// <summary>The variable of the polynomial.</summary>
    [InTag]
    public Abscissa Over { get; init; } = Abscissa.Time;

    /// <inheritdoc/>
    public override IReadOnlyList<Cached> Parts => [new(Where, new Interval(Every, Require.AtLeast(Order + 1, Warmup ?? Math.Max(3, Order + 1), nameof(Warmup))), new How(Quantity.Output, new Polynomial(Order), Over))];
}
