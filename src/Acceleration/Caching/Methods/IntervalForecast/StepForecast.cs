namespace Acceleration;

/// <summary>Evaluates the network at exactly the given steps and continues the prediction as a polynomial in between.</summary>
/// <param name="Steps">0-based, strictly ascending, beginning with 0: published, or found by a search.</param>
/// <param name="Order">Order of the forecast; lower until Order + 1 steps have been evaluated.</param>
[Entry("stepForecast", "SF")]
public sealed record StepForecast(IReadOnlyList<int> Steps, int Order = 1) : CacheMethod
{
    /// <summary>The evaluated steps.</summary>
    [InTag]
    [Ordered(First = 0)]
    public IReadOnlyList<int> Steps { get; init => field = new AtSteps(value).Steps; } = new AtSteps(Steps).Steps;

    /// <summary>Order of the forecast.</summary>
    [InTag("o")]
    [Within(0, Polynomial.Highest)]
    public int Order { get; init => field = Require.Within(0, Polynomial.Highest, value); } = Require.Within(0, Polynomial.Highest, Order, nameof(Order));

    /// <summary>Where predictions are forecast.</summary>
    [InTag(":")]
    public Where Where { get; init; } = Where.Prediction;

    /// <summary>The variable of the polynomial.</summary>
    [InTag]
    public Abscissa Over { get; init; } = Abscissa.Time;

    /// <inheritdoc/>
    public override IReadOnlyList<Cached> Parts => [new(Where, new AtSteps(Steps), new How(Quantity.Output, new Polynomial(Order), Over))];
}
