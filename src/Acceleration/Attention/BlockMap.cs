using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Which blocks of keys each block of queries sees, for every row and head: what methods that look for the important blocks produce.</summary>
/// <param name="Keep">bool [rows or 1, heads or 1, blocks of queries, blocks of keys]. The last block of an axis may be smaller than the others.</param>
/// <param name="QueryBlock">
/// Queries in a block. Larger ones make better use of the keys gathered for them.
/// </param>
/// <param name="KeyBlock">Keys in a block.</param>
public sealed record BlockMap(Tensor Keep, int QueryBlock, int KeyBlock)
{
    /// <summary>Queries in a block.</summary>
    public int QueryBlock { get; } = Require.AtLeast(1, QueryBlock, nameof(QueryBlock));

    /// <summary>Keys in a block.</summary>
    public int KeyBlock { get; } = Require.AtLeast(1, KeyBlock, nameof(KeyBlock));

    /// <exception cref="ArgumentException">It is no map for so many rows, heads, queries and keys.</exception>
    internal void RequireFit(in AttentionShape shape)
    {
        long blocks = Blocks(shape.Queries, QueryBlock), keys = Blocks(shape.Keys, KeyBlock);
        if (Keep.dtype != ScalarType.Bool || Keep.dim() != 4 || Keep.size(2) != blocks || Keep.size(3) != keys
            || (Keep.size(0) != 1 && Keep.size(0) != shape.Rows) || (Keep.size(1) != 1 && Keep.size(1) != shape.Heads))
        {
            throw new ArgumentException(
                $"A map of {shape.Rows} rows, {shape.Heads} heads, {shape.Queries} queries by {QueryBlock} and {shape.Keys} keys by {KeyBlock} is bool [{shape.Rows} or 1, {shape.Heads} or 1, {blocks}, {keys}]; got {Keep.dtype} [{string.Join(", ", Keep.shape)}].");
        }
    }

    internal static long Blocks(long length, long block) => (length + block - 1) / block;
}
