namespace Acceleration;

/// <summary>How the scores of a composed attention are cut: so many rows, heads and queries at a time.</summary>
internal readonly record struct AttentionPieces(long Rows, long Heads, long Queries)
{
    // With fewer queries than this, packing the keys costs as much as the product.
    private const long GoodQueries = 256;

    /// <summary>The largest pieces of at most so many bytes of scores: few queries of few heads first, then more heads, queries and rows.</summary>
    public static AttentionPieces Plan(in AttentionShape shape, int elementBytes, long scoreBytes)
    {
        var affordable = Math.Max(1, scoreBytes / (shape.Keys * elementBytes));
        var queries = Math.Min(affordable, Math.Min(shape.Queries, GoodQueries));
        var heads = Math.Clamp(affordable / queries, 1, shape.Heads);
        if (heads < shape.Heads)
        {
            return new(1, heads, queries);
        }

        queries = Math.Min(affordable / heads, shape.Queries);
        return new(queries < shape.Queries ? 1 : Math.Clamp(affordable / (heads * queries), 1, shape.Rows), heads, queries);
    }
}
