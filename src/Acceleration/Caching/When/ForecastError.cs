namespace Acceleration;

/// <summary>
/// SpeCa's decision (Liu et al., 2025, arXiv 2509.11628) taken in time: what the first blocks really add is held against its own forecast, and where that was wrong, the step is computed. The published code looks at the last block instead, elementwise,
/// and its error decides over the step after (<see cref="Published"/>).
/// </summary>
/// <param name="Threshold">τ₀, at least 0.</param>
/// <param name="Decay">β, above 0: the threshold is τ₀·β^(i/T) in step i of T.</param>
/// <param name="Min">Forecasts in a row from which on they are verified, at least 0.</param>
/// <param name="Max">Most forecasts in a row; 0 for no bound.</param>
[Entry("forecastError", "verify")]
public sealed record ForecastError(double Threshold, double Decay = 0.3, int Min = 0, int Max = 8) : MeasuredWhen
{
    /// <summary>τ₀.</summary>
    [InTag]
    [AtLeast(0)]
    public double Threshold { get; init => field = Require.AtLeast(0.0, value); } = Require.AtLeast(0.0, Threshold, nameof(Threshold));

    /// <summary>β.</summary>
    [InTag("d")]
    [Above(0)]
    public double Decay { get; init => field = Require.Above(0.0, value); } = Require.Above(0.0, Decay, nameof(Decay));

    /// <summary>Forecasts in a row from which on they are verified.</summary>
    [InTag("n")]
    [AtLeast(0)]
    public int Min { get; init => field = Require.AtLeast(0, value); } = Require.AtLeast(0, Min, nameof(Min));

    /// <summary>Most forecasts in a row; 0 for no bound.</summary>
    [InTag("m")]
    [AtLeast(0)]
    public int Max { get; init => field = Require.AtLeast(0, value); } = Require.AtLeast(0, Max, nameof(Max));

    /// <summary>Least threshold. Published: 0.1 (FLUX, HunyuanVideo), 0.01 (DiT).</summary>
    [InTag("f")]
    [AtLeast(0)]
    public double Floor { get; init => field = Require.AtLeast(0.0, value); }

    /// <summary>Order of the forecast that is verified: that of the approximation.</summary>
    [InTag("o")]
    [Within(0, Polynomial.Highest)]
    public int Order { get; init => field = Require.Within(0, Polynomial.Highest, value); } = 1;

    /// <summary>Steps computed at the start, at least 1.</summary>
    [InTag("w")]
    [AtLeast(1)]
    public int Warmup { get; init => field = Require.AtLeast(1, value); } = 3;

    /// <summary>One in so many tokens is verified, at least 1. Published: 1.</summary>
    [InTag("s")]
    [AtLeast(1)]
    public int Stride { get; init => field = Require.AtLeast(1, value); } = 1;

    /// <summary>
    /// Whether a step whose forecast was wrong is accepted and the next one is computed instead, with the threshold of that step, which the error may reach, as the published code has it. A step after a computed one is then always forecast, and
    /// never verified: of the warm-up every second one is computed. What is not a number computes, here too.
    /// </summary>
    [InTag("p")]
    public bool Published { get; init; }

    /// <inheritdoc/>
    public override bool NeedsProbe => true;

    /// <inheritdoc/>
    public override int MostInARow => Max;

    /// <inheritdoc/>
    public override bool SkipsAtLimit => Published;

    /// <inheritdoc/>
    public override double Limit(StepInfo step) => Math.Max(Threshold * Math.Pow(Decay, step.Progress), Floor);

    /// <inheritdoc/>
    public override bool Forces(StepInfo step) => step.Index < (Published ? 1 : Warmup);

    /// <inheritdoc/>
    public override IStatistic Measure(RunInfo info, RunStore store) => new ForecastStatistic(this, store);
}
