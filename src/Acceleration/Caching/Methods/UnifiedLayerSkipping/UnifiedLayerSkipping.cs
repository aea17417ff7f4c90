namespace Acceleration;

/// <summary>
/// Unified layer skipping (Liu et al., 2024, arXiv 2404.06954), made for language models, as a cache of denoisers: between computed steps blocks that are spread evenly over the depth run, and each run of blocks between them adds what it
/// last added. One tensor for each run is held.
/// </summary>
/// <param name="Interval">N: one full step in every N, at least 1.</param>
/// <param name="Kept">K: blocks that run in the others, the first and the last among them, at least 2.</param>
[Entry("unifiedLayerSkipping", "ULS")]
public sealed record UnifiedLayerSkipping(int Interval, int Kept) : CacheMethod
{
    /// <summary>N: one full step in every N.</summary>
    [InTag]
    [AtLeast(1)]
    public int Interval { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, Interval, nameof(Interval));

    /// <summary>K: blocks that run in the others.</summary>
    [InTag("k")]
    [AtLeast(2)]
    public int Kept { get; init => field = Require.AtLeast(2, value); } = Require.AtLeast(2, Kept, nameof(Kept));

    /// <inheritdoc/>
    public override IReadOnlyList<Cached> Parts => [new(Where.Chain, new Interval(Interval), How.LastResidual) { Range = new KeptBlocks(Kept) }];
}
