using System.Globalization;

namespace Acceleration;

/// <summary>
/// Evaluates the network at the first steps and then at every n-th, and continues the prediction as a polynomial in between: fixed interval × forecast, at
/// the guided prediction by default.
/// </summary>
/// <param name="Every">One evaluated step in every N, at least 1; 1 evaluates all.</param>
/// <param name="Order">Order of the forecast: 0 repeats, 1 is a line, 2 a parabola.</param>
/// <param name="Warmup">Steps evaluated at the start, at least Order + 1; null for the larger of 3 and Order + 1.</param>
public sealed record IntervalForecast(int Every, int Order = 1, int? Warmup = null) : CacheMethod
{
    /// <summary>One evaluated step in every N.</summary>
    public int Every { get; init; } = Every >= 1 ? Every : throw new ArgumentOutOfRangeException(nameof(Every), Every, "Must be at least 1.");

    /// <summary>Order of the forecast.</summary>
    public int Order { get; init; } = new Polynomial(Order).Order;

    /// <summary>Steps evaluated at the start.</summary>
    public int? Warmup { get; init; } = Warmup is null || Warmup > Order
        ? Warmup
        : throw new ArgumentOutOfRangeException(nameof(Warmup), Warmup, $"A forecast of order {Order} needs {Order + 1} evaluated steps to begin with.");

    /// <summary>Where predictions are forecast.</summary>
    public Where Where { get; init; } = Where.Prediction;

    /// <summary>The variable of the polynomial.</summary>
    public Abscissa Over { get; init; } = Abscissa.Time;

    /// <inheritdoc/>
    public override string Tag =>
        string.Create(CultureInfo.InvariantCulture, $"IF{Every}o{Order}{(Warmup is { } w ? $"w{w}" : "")}{Over.Tag}{(Where == Where.Prediction ? "" : ":" + Where.Tag)}");

    /// <inheritdoc/>
    public override Cached Parts => new(Where, new Interval(Every, Warmup ?? Math.Max(3, Order + 1)), new How(Quantity.Output, new Polynomial(Order), Over));
}
