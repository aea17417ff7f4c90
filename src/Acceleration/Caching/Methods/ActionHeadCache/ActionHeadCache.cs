namespace Acceleration;

/// <summary>
/// The cache of EfficientVLA's action head (Yang et al., 2025, arXiv 2506.10100): the branches of all blocks are computed in every n-th step, counted from the first, and repeated in between. Two tensors for each block are held.
/// </summary>
/// <param name="Interval">N: one computed step in every N, at least 1. Published: 5, of 10 steps.</param>
[Entry("actionHeadCache", "AHC")]
public sealed record ActionHeadCache(int Interval = 5) : CacheMethod
{
    /// <summary>N: one computed step in every N.</summary>
    [InTag]
    [AtLeast(1)]
    public int Interval { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, Interval, nameof(Interval));

    /// <inheritdoc/>
    public override IReadOnlyList<Cached> Parts => [new(Where.Branches, new Interval(Interval, ForceLast: false), How.LastValue)];
}
