namespace Acceleration;

/// <summary>
/// FORA (Selvaraju et al., 2024, arXiv 2407.01425): the branches of all blocks - attention and feed-forward part, before the gate - are computed in every n-th step, counted from the last one, and repeated in between. What the gate and the
/// modulation make of them follows the present step. Two tensors for each block are held.
/// </summary>
/// <param name="Interval">N: one computed step in every N, at least 1. Published: 3.</param>
[Entry("fora", "FORA")]
public sealed record Fora(int Interval) : CacheMethod
{
    /// <summary>N: one computed step in every N.</summary>
    [InTag]
    [AtLeast(1)]
    public int Interval { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, Interval, nameof(Interval));

    /// <inheritdoc/>
    public override IReadOnlyList<Cached> Parts => [new(Where.Branches, new Interval(Interval) { FromEnd = true }, How.LastValue)];
}
