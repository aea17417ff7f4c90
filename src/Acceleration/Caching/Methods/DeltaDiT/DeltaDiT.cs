namespace Acceleration;

/// <summary>
/// Δ-DiT (Chen et al., 2024, arXiv 2406.01125): between computed steps a range of blocks is replaced by the increment it last made: rear blocks early in
/// sampling, when layout forms, front blocks late, when detail does. Per-step saving (1 − 1/N)·N_c/B.
/// </summary>
/// <param name="Interval">N: one full step in every N, at least 1. Published: 2.</param>
/// <param name="Blocks">N_c: cached blocks, 0..B. Published: 21, 4 and 6 of 28.</param>
/// <param name="Boundary">b: with more than b steps left (the current one included) rear blocks are cached, else front blocks. Published: 12 of 20 steps.</param>
[Entry("deltaDiT", "DD")]
public sealed record DeltaDiT(int Interval, int Blocks, int Boundary = 0) : CacheMethod
{
    /// <summary>N: one full step in every N.</summary>
    [InTag]
    [AtLeast(1)]
    public int Interval { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, Interval, nameof(Interval));

    /// <summary>N_c: cached blocks.</summary>
    [InTag("x")]
    [AtLeast(0)]
    public int Blocks { get; init => field = Require.AtLeast(0, value); } = Require.AtLeast(0, Blocks, nameof(Blocks));

    /// <summary>b: steps left at which the range moves to the front.</summary>
    [InTag("b")]
    [AtLeast(0)]
    public int Boundary { get; init => field = Require.AtLeast(0, value); } = Require.AtLeast(0, Boundary, nameof(Boundary));

    /// <summary>Which end of the chain is cached.</summary>
    [InTag]
    public CachedEnd End { get; init; } = CachedEnd.Switch;

    /// <summary>Whether the last step is full whatever the count; the paper does not say.</summary>
    [InTag("f")]
    public bool ForceLast { get; init; } = true;

    /// <inheritdoc/>
    public override IReadOnlyList<Cached> Parts => [new(Where.Chain, new Interval(Interval, ForceLast: ForceLast), How.LastResidual) { Range = Range }];

    private FrontRearRange Range => new(Blocks, Boundary, End);
}
