namespace Acceleration;

/// <summary>An axis cut into groups, the last one perhaps smaller.</summary>
/// <param name="Length">Positions along the axis.</param>
/// <param name="Side">Positions of a group.</param>
public readonly record struct GroupAxis(long Length, long Side)
{
    /// <summary>Number of groups.</summary>
    public long Count => (Length + Side - 1) / Side;

    /// <summary>The whole axis.</summary>
    public Extent All => new(0, Length);

    /// <summary>The groups, in order.</summary>
    public IEnumerable<Extent> Groups
    {
        get
        {
            for (long from = 0; from < Length; from += Side)
            {
                yield return new(from, Math.Min(from + Side, Length));
            }
        }
    }

    /// <summary>
    /// Which keys the groups see that lie at most <paramref name="reach"/> groups away. At the ends the window is moved inwards instead of cut, so that every group sees as many; groups with
    /// the same window are one run of queries.
    /// </summary>
    public IEnumerable<(Extent Queries, Extent Keys)> Windows(long reach)
    {
        var wide = Math.Min((2 * reach) + 1, Count);
        var last = Count - wide;
        for (long start = 0; start <= last; start++)
        {
            var first = start == 0 ? 0 : start + reach;
            var end = start == last ? Count : start + reach + 1;
            yield return (Span(first, end), Span(start, start + wide));
        }
    }

    /// <summary>The positions before and after a group.</summary>
    public IReadOnlyList<Extent> Others(Extent group) =>
        [.. new[] { new Extent(0, group.From), new Extent(group.To, Length) }.Where(e => e.Length > 0)];

    /// <summary>The other positions as one run: after the group to the end, and on from the beginning.</summary>
    public Extent AroundFrom(Extent group) => new(group.To, Length + group.From);

    private Extent Span(long from, long to) => new(from * Side, Math.Min(to * Side, Length));
}
