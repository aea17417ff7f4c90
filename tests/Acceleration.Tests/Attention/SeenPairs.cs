using static TorchSharp.torch;

namespace Acceleration.Tests.Attention;

/// <summary>Which pairs of tokens the strips of a pattern hold, counted one by one.</summary>
internal static class SeenPairs
{
    /// <summary>How often each query (first) sees each key (second).</summary>
    public static int[,] Count(IAttentionPattern pattern, TokenGrid grid)
    {
        var seen = new int[grid.Tokens, grid.Tokens];
        foreach (var strip in pattern.Parts(grid).SelectMany(p => p))
        {
            foreach (var tile in strip.Tiles)
            {
                foreach (var query in Tokens(grid, [tile.Leading], [tile.Middle], [tile.Trailing]))
                {
                    foreach (var key in Tokens(grid, [tile.Keys], strip.Middle, [strip.Trailing]))
                    {
                        seen[query, key]++;
                    }
                }
            }
        }

        return seen;
    }

    /// <summary>Pairs by a rule on groups, [queries, keys].</summary>
    public static Tensor Mask(TokenGrid grid, GroupSize size, Func<Place, Place, bool> sees)
    {
        var sides = grid.Middle == 1 ? new long[] { size.Height, size.Height, size.Width } : [size.Frames, size.Height, size.Width];
        var places = Enumerable.Range(0, (int)grid.Tokens)
            .Select(i => new Place(i / (grid.Middle * grid.Trailing) / sides[0], i / grid.Trailing % grid.Middle / sides[1], i % grid.Trailing / sides[2]))
            .ToArray();
        return tensor([.. places.SelectMany(q => places.Select(k => sees(q, k)))], [grid.Tokens, grid.Tokens]);
    }

    public static long Groups(long length, long side) => (length + side - 1) / side;

    private static IEnumerable<long> Tokens(TokenGrid grid, IEnumerable<Extent> leading, IEnumerable<Extent> middle, IEnumerable<Extent> trailing) =>
        from l in leading.SelectMany(Positions)
        from m in middle.SelectMany(Positions)
        from t in trailing.SelectMany(Positions)
        select ((((l % grid.Leading) * grid.Middle) + m) * grid.Trailing) + t;

    private static IEnumerable<long> Positions(Extent e)
    {
        for (var i = e.From; i < e.To; i++)
        {
            yield return i;
        }
    }

    /// <summary>A group's position in the grid of groups.</summary>
    internal readonly record struct Place(long Leading, long Middle, long Trailing);
}
