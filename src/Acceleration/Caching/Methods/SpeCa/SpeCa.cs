namespace Acceleration;

/// <summary>
/// SpeCa (Liu et al., 2025, arXiv 2509.11628), reconstructed: what the blocks add is forecast, what the first of them adds is computed as well, and where its forecast was wrong, the present step is computed. The published code verifies by
/// the last block, accepts the step all the same and computes the next one (<see cref="Published"/>); its thresholds are for an elementwise error, these for a relative L2 error as in the paper.
/// </summary>
/// <param name="Threshold">τ₀, at least 0; 0 with no floor never skips.</param>
/// <param name="Decay">β, above 0. Published: 0.3 (FLUX), 0.05 (DiT), 0.1 (HunyuanVideo).</param>
/// <param name="Max">Most forecasts in a row; 0 for no bound. Published: 8.</param>
/// <param name="Order">Order of the forecasts. Published: 2 (FLUX), 4 (DiT).</param>
[Entry("speCa", "SPE")]
public sealed record SpeCa(double Threshold, double Decay = 0.3, int Max = 8, int Order = 2) : CacheMethod
{
    /// <summary>τ₀.</summary>
    [InTag]
    [AtLeast(0)]
    public double Threshold { get; init => field = Require.AtLeast(0.0, value); } = Require.AtLeast(0.0, Threshold, nameof(Threshold));

    /// <summary>β.</summary>
    [InTag("d")]
    [Above(0)]
    public double Decay { get; init => field = Require.Above(0.0, value); } = Require.Above(0.0, Decay, nameof(Decay));

    /// <summary>Most forecasts in a row; 0 for no bound.</summary>
    [InTag("m")]
    [AtLeast(0)]
    public int Max { get; init => field = Require.AtLeast(0, value); } = Require.AtLeast(0, Max, nameof(Max));

    /// <summary>Order of the forecasts.</summary>
    [InTag("o")]
    [Within(0, Polynomial.Highest)]
    public int Order { get; init => field = Require.Within(0, Polynomial.Highest, value); } = Require.Within(0, Polynomial.Highest, Order, nameof(Order));

    /// <summary>Forecasts in a row from which on they are verified. Published: 2 (FLUX), 3 (DiT).</summary>
    [InTag("n")]
    [AtLeast(0)]
    public int Min { get; init => field = Require.AtLeast(0, value); }

    /// <summary>Least threshold. Published: 0.1 (FLUX, HunyuanVideo), 0.01 (DiT).</summary>
    [InTag("f")]
    [AtLeast(0)]
    public double Floor { get; init => field = Require.AtLeast(0.0, value); }

    /// <summary>Whether a step whose forecast was wrong is accepted and the next one computed, as the published code has it; a step after a computed one is then always forecast, in the warm-up too.</summary>
    [InTag("late")]
    public bool Published { get; init; }

    /// <summary>Blocks that always run and are verified, at least 1.</summary>
    [InTag("p")]
    [AtLeast(1)]
    public int Probe { get; init => field = Require.AtLeast(1, value); } = 1;

    /// <summary>One in so many tokens is verified, at least 1. Published: 1.</summary>
    [InTag("s")]
    [AtLeast(1)]
    public int Stride { get; init => field = Require.AtLeast(1, value); } = 1;

    /// <inheritdoc/>
    public override IReadOnlyList<Cached> Parts =>
    [
        new(Where.Chain, new ForecastError(Threshold, Decay, Min, Max) { Floor = Floor, Order = Order, Stride = Stride, Published = Published }, new How(Quantity.Residual, new Polynomial(Order), Abscissa.Step)) { Range = new MiddleBlocks(Probe) },
    ];
}
