namespace Acceleration;

/// <summary>
/// Keys that lie together in memory once laid out: every leading position × some middle × some trailing ones. Queries see runs of it along the leading axis, which are views, not copies.
/// </summary>
/// <param name="Middle">Middle positions, ascending.</param>
/// <param name="Trailing">Trailing positions.</param>
/// <param name="Tiles">The queries that see a part of it.</param>
public sealed record KeyStrip(IReadOnlyList<Extent> Middle, Extent Trailing, IReadOnlyList<QueryTile> Tiles)
{
    /// <summary>Keys for one leading position.</summary>
    public long Breadth => Middle.Sum(m => m.Length) * Trailing.Length;

    /// <summary>Pairs of query and key.</summary>
    public double Pairs
    {
        get
        {
            var breadth = Breadth;
            return Tiles.Sum(t => (double)t.Tokens * t.Keys.Length * breadth);
        }
    }

    internal bool IsWhole(TokenGrid grid) => Breadth == grid.Middle * grid.Trailing;
}
