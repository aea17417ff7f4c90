namespace Acceleration;

/// <summary>
/// Queries see the groups that share a position with theirs along any axis (GRAT-X, arXiv 2505.14687): the same row or column of groups in an image, the three planes through the
/// group in a video.
/// </summary>
/// <remarks>
/// The union is cut into disjoint parts, so that nothing has to be subtracted: the leading plane; of the middle plane what lies outside the leading one; of the trailing plane what lies outside
/// both. "All leading positions but mine" is one run of a strip that is laid out twice.
/// </remarks>
/// <param name="Size">Sides of a group.</param>
public sealed record AxisGroups(GroupSize Size) : IAttentionPattern
{
    /// <inheritdoc/>
    public IReadOnlyList<IReadOnlyList<KeyStrip>> Parts(TokenGrid grid)
    {
        var (leading, middle, trailing) = (Size.Leading(grid), Size.Middle(grid), Size.Trailing(grid));
        var same = new KeyStrip([middle.All], trailing.All, [.. leading.Groups.Select(l => new QueryTile(l, middle.All, trailing.All, l))]);
        var columns =
            from m in grid.Middle == 1 ? [middle.All] : middle.Groups
            from t in trailing.Groups
            let others = grid.Middle == 1 ? [middle.All] : middle.Others(m)
            where others.Count > 0
            select new KeyStrip(others, t, Around(m, t));
        return grid.Middle == 1
            ? Filled([same], columns)
            : Filled([same], middle.Groups.Select(m => new KeyStrip([m], trailing.All, Around(m, trailing.All))), columns);

        IReadOnlyList<QueryTile> Around(Extent m, Extent t) =>
            [.. leading.Groups.Select(l => new QueryTile(l, m, t, leading.AroundFrom(l))).Where(tile => tile.Keys.Length > 0)];
    }

    private static IReadOnlyList<IReadOnlyList<KeyStrip>> Filled(params IEnumerable<KeyStrip>[] parts) =>
        [.. parts.Select(p => p.Where(s => s.Tiles.Count > 0).ToArray()).Where(p => p.Length > 0)];
}
