namespace Acceleration;

/// <summary>
/// BAC's repair of block schedules that were found each by itself (arXiv 2506.13456): a feed-forward part that is computed on an input from stale blocks before it takes their error in. The blocks that change
/// most are therefore also computed whenever a feed-forward part after them is.
/// </summary>
public static class BubblingUnion
{
    /// <summary>The repaired schedules, in the same order. Those of the selected blocks may be longer than before.</summary>
    /// <param name="blocks">All parts of all blocks, in the order in which they are computed.</param>
    /// <param name="selected">How many blocks are repaired: those of the largest volatility, ties by order. Fewer than two change nothing in the authors' program, and 1 does here.</param>
    /// <param name="feedForwardOnly">Whether only feed-forward parts are ranked; published is all kinds together.</param>
    public static IReadOnlyList<BlockSchedule> Of(IReadOnlyList<BlockSchedule> blocks, int selected, bool feedForwardOnly = false)
    {
        ArgumentNullException.ThrowIfNull(blocks);
        Require.AtLeast(0, selected, nameof(selected));
        var ranked = Enumerable.Range(0, blocks.Count).Where(i => blocks[i].FeedForward || !feedForwardOnly).OrderByDescending(i => blocks[i].Volatility).Take(selected).ToHashSet();
        var after = new SortedSet<int>();
        var repaired = new BlockSchedule[blocks.Count];
        for (var i = blocks.Count - 1; i >= 0; i--)
        {
            repaired[i] = ranked.Contains(i) ? blocks[i] with { Steps = [.. after.Union(blocks[i].Steps).Order()] } : blocks[i];

            // Steps as they were found: those that a repair has added come from parts that are after this one, too.
            after.UnionWith(blocks[i].FeedForward ? blocks[i].Steps : []);
        }

        return repaired;
    }
}
