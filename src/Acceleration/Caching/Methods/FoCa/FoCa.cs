namespace Acceleration;

/// <summary>
/// FoCa (arXiv 2508.16211): the branches of all blocks are computed in every n-th step and forecast in between by <see cref="HeunMix"/>. Four tensors for each branch are held; at the chain or the network four in all.
/// </summary>
/// <param name="Interval">N: one computed step in every N, at least 1. Published: 5 to 8.</param>
[Entry("foCa", "FOCA")]
public sealed record FoCa(int Interval) : CacheMethod
{
    /// <summary>N: one computed step in every N.</summary>
    [InTag]
    [AtLeast(1)]
    public int Interval { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, Interval, nameof(Interval));

    /// <summary>W: steps computed at the start, at least 1.</summary>
    [InTag("w")]
    [AtLeast(1)]
    public int Warmup { get; init => field = Require.AtLeast(1, value); } = 3;

    /// <summary>What is forecast.</summary>
    [InTag(":")]
    public Where Where { get; init; } = Where.Branches;

    /// <summary>Whether differences are taken for slopes whatever lies between their two values, as published.</summary>
    [InTag("p")]
    public bool Published { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<Cached> Parts => [new(Where, new Interval(Interval, Warmup), new HeunMix(Quantity.Output) { Undivided = Published })];
}
