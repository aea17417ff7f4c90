namespace Acceleration;

/// <summary>
/// HiCache (arXiv 2508.16984): <see cref="TaylorSeer"/> with scaled Hermite polynomials, which run away less. At order 1 it is a line of 2·s² times the slope. Order + 1 tensors for each branch are held.
/// </summary>
/// <param name="Interval">N: one computed step in every N, at least 1. Published: 5 to 7.</param>
/// <param name="Order">Order of the forecast. Published: 1 and 2.</param>
/// <param name="Scale">s, above 0 and below 1. Published: 0.5 to 0.75.</param>
[Entry("hiCache", "HI")]
public sealed record HiCache(int Interval, int Order = 2, double Scale = 0.5) : CacheMethod
{
    /// <summary>N: one computed step in every N.</summary>
    [InTag]
    [AtLeast(1)]
    public int Interval { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, Interval, nameof(Interval));

    /// <summary>Order of the forecast.</summary>
    [InTag("o")]
    [Within(0, Polynomial.Highest)]
    public int Order { get; init => field = Require.Within(0, Polynomial.Highest, value); } = Require.Within(0, Polynomial.Highest, Order, nameof(Order));

    /// <summary>s.</summary>
    [InTag("s")]
    [Within(0, 1, OpenBelow = true, OpenAbove = true)]
    public double Scale { get; init => field = new Hermite(0, value).Scale; } = new Hermite(0, Scale).Scale;

    /// <summary>W: steps computed at the start, at least 1. Published: 3.</summary>
    [InTag("w")]
    [AtLeast(1)]
    public int Warmup { get; init => field = Require.AtLeast(1, value); } = 3;

    /// <summary>What is forecast.</summary>
    [InTag(":")]
    public Where Where { get; init; } = Where.Branches;

    /// <inheritdoc/>
    public override IReadOnlyList<Cached> Parts => [new(Where, new Interval(Interval, Warmup), new How(Quantity.Output, new Hermite(Order, Scale), Abscissa.Step))];
}
