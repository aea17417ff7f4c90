namespace Acceleration;

/// <summary>
/// DeepCache (Ma et al., 2023, arXiv 2312.00858): a UNet's outer levels run in each step, what lies below one of its skip connections in every n-th, and is repeated in between. One tensor is held.
/// </summary>
/// <param name="Interval">N: one computed step in every N, at least 1. Published: 3 and 5.</param>
/// <param name="Cut">The skip connection, 0 the outermost; with two layers in a level it is the published branch's number. Published: 0 and 1.</param>
[Entry("deepCache", "DC")]
public sealed record DeepCache(int Interval, int Cut = 0) : CacheMethod
{
    /// <summary>N: one computed step in every N.</summary>
    [InTag]
    [AtLeast(1)]
    public int Interval { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, Interval, nameof(Interval));

    /// <summary>The skip connection.</summary>
    [InTag("x")]
    [AtLeast(0)]
    public int Cut { get; init => field = Require.AtLeast(0, value); } = Require.AtLeast(0, Cut, nameof(Cut));

    /// <summary>Whether the last step is computed whatever the count; published: not.</summary>
    [InTag("f")]
    public bool ForceLast { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<Cached> Parts => [new(Where.Cut(Cut), new Interval(Interval, ForceLast: ForceLast), How.LastValue)];
}
