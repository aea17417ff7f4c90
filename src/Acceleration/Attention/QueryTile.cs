namespace Acceleration;

/// <summary>A box of queries and what it sees of a strip.</summary>
/// <param name="Leading">Leading positions of the queries.</param>
/// <param name="Middle">Their middle positions.</param>
/// <param name="Trailing">Their trailing positions.</param>
/// <param name="Keys">Leading positions of the keys; those beyond the axis' end go on from its beginning.</param>
public readonly record struct QueryTile(Extent Leading, Extent Middle, Extent Trailing, Extent Keys)
{
    /// <summary>Number of queries.</summary>
    public long Tokens => Leading.Length * Middle.Length * Trailing.Length;
}
