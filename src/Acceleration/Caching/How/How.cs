namespace Acceleration;

/// <summary>A quantity, a forecast of it, and its abscissa.</summary>
[Entry("forecast", "")]
public sealed record How : IHow
{
    /// <summary>Chooses all three.</summary>
    /// <param name="quantity">Output, or output − input.</param>
    /// <param name="forecast">How it continues; null for the last one.</param>
    /// <param name="abscissa">Over what; null for the network's time. Without effect on <see cref="Polynomial"/> order 0.</param>
    public How(Quantity quantity, IForecast? forecast = null, Abscissa? abscissa = null) =>
        (Quantity, Forecast, Abscissa) = (quantity, forecast ?? new Polynomial(0), abscissa ?? Abscissa.Time);

    /// <summary>The last output.</summary>
    public static How LastValue { get; } = new(Quantity.Output);

    /// <summary>The last residual: the fresh input plus what the site last added to its input.</summary>
    public static How LastResidual { get; } = new(Quantity.Residual);

    /// <inheritdoc/>
    [InTag]
    public Quantity Quantity { get; init; }

    /// <summary>How it continues what was remembered.</summary>
    [InTag("^")]
    public IForecast Forecast { get; init; }

    /// <summary>Over what it is continued.</summary>
    [InTag]
    public Abscissa Abscissa { get; init; }

    /// <summary>Whether what was made up is remembered like what was computed, so that the next forecast goes on from it, as in diffusers' FasterCache.</summary>
    [InTag("chained")]
    public bool Chained { get; init; }

    /// <inheritdoc/>
    public string Tag => PlanTag.Of(this);

    /// <inheritdoc/>
    public int Entries => Forecast.Depth;

    /// <inheritdoc/>
    public string? Refuse(RunInfo info, Site site)
    {
        ArgumentNullException.ThrowIfNull(info);
        var steps = info.Stages.Max(s => s.Steps);
        return Forecast.Refuse(Abscissa) ?? (steps > Forecast.MostSteps ? $"its forecast is for {Forecast.MostSteps} steps at most, and the run has {steps}." : null);
    }

    /// <inheritdoc/>
    public IHowRun Begin(RunInfo info, RunStore store) => new ForecastRun(this, store);

    /// <summary>A line through the last two outputs.</summary>
    public static How Linear(Abscissa? over = null) => new(Quantity.Output, new Polynomial(1), over);
}
