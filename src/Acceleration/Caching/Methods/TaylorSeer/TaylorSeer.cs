namespace Acceleration;

/// <summary>
/// TaylorSeer (Liu et al., 2025, arXiv 2503.06923): the branches of all blocks, before the gate, are computed in every n-th step and forecast in between. With the chain or the network as its place it is TaylorSeer-Lite, which holds
/// Order + 1 tensors in all instead of as many for each branch.
/// </summary>
/// <param name="Interval">N: one computed step in every N, at least 1. Published: 4 to 6.</param>
/// <param name="Order">Order of the forecast. Published: 1 and 2, 4 on DiT.</param>
[Entry("taylorSeer", "TS")]
public sealed record TaylorSeer(int Interval, int Order = 1) : CacheMethod
{
    /// <summary>N: one computed step in every N.</summary>
    [InTag]
    [AtLeast(1)]
    public int Interval { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, Interval, nameof(Interval));

    /// <summary>Order of the forecast.</summary>
    [InTag("o")]
    [Within(0, Polynomial.Highest)]
    public int Order { get; init => field = Require.Within(0, Polynomial.Highest, value); } = Require.Within(0, Polynomial.Highest, Order, nameof(Order));

    /// <summary>W: steps computed at the start, at least 1. Published: 3 (FLUX), 2 (DiT).</summary>
    [InTag("w")]
    [AtLeast(1)]
    public int Warmup { get; init => field = Require.AtLeast(1, value); } = 3;

    /// <summary>The step from which on all are computed; null for none.</summary>
    [InTag("u")]
    [AtLeast(0)]
    public int? Until { get; init => field = Require.AtLeast(0, value); }

    /// <summary>What is forecast: branches as published, or <see cref="Where.Chain"/>, <see cref="Where.Network"/>.</summary>
    [InTag(":")]
    public Where Where { get; init; } = Where.Branches;

    /// <summary>Whether forecasts have the published form, which is exact for lines alone; else they are exact for polynomials of their order, whatever the spacing of steps.</summary>
    [InTag("p")]
    public bool Published { get; init; }

    /// <summary>Whether the step after the warm-up is a forecast one and the last as the count falls, as in diffusers.</summary>
    [InTag("d")]
    public bool Early { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<Cached> Parts =>
    [
        new(
            Where,
            new Interval(Interval, Warmup, ForceLast: !Early) { Phase = Early ? 2 : 0, Until = Until },
            new How(Quantity.Output, Published ? new Taylor(Order) : new Polynomial(Order), Abscissa.Step)),
    ];
}
