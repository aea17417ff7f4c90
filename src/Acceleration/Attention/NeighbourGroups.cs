namespace Acceleration;

/// <summary>Queries see the groups at most <paramref name="Reach"/> away along every axis (GRAT-B, arXiv 2505.14687). Windows are moved inwards at borders.</summary>
/// <param name="Size">Sides of a group.</param>
/// <param name="Reach">b, in groups.</param>
public sealed record NeighbourGroups(GroupSize Size, int Reach) : IAttentionPattern
{
    /// <inheritdoc/>
    public IReadOnlyList<IReadOnlyList<KeyStrip>> Parts(TokenGrid grid) =>
    [
        [
            .. from middle in Size.Middle(grid).Windows(Reach)
               from trailing in Size.Trailing(grid).Windows(Reach)
               select new KeyStrip(
                   [middle.Keys],
                   trailing.Keys,
                   [.. Size.Leading(grid).Windows(Reach).Select(leading => new QueryTile(leading.Queries, middle.Queries, trailing.Queries, leading.Keys))]),
        ],
    ];
}
