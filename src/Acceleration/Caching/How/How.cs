namespace Acceleration;

/// <summary>A quantity, a forecast of it, and its abscissa.</summary>
/// <param name="Quantity">Output, or output − input.</param>
/// <param name="Forecast">How it continues.</param>
/// <param name="Abscissa">Over what; without effect on <see cref="Polynomial"/> order 0.</param>
public sealed record How(Quantity Quantity, IForecast Forecast, Abscissa Abscissa) : IHow
{
    /// <summary>The last output.</summary>
    public static How LastValue { get; } = new(Quantity.Output, new Polynomial(0), Abscissa.Step);

    /// <summary>The last residual: the fresh input plus what the site last added to its input.</summary>
    public static How LastResidual { get; } = new(Quantity.Residual, new Polynomial(0), Abscissa.Step);

    /// <inheritdoc/>
    public string Tag => $"{(Quantity == Quantity.Residual ? "res" : "out")}{Forecast.Tag}{(Forecast.Depth == 1 ? "" : Abscissa.Tag)}";

    /// <summary>A line through the last two outputs.</summary>
    public static How Linear(Abscissa? over = null) => new(Quantity.Output, new Polynomial(1), over ?? Abscissa.Time);
}
