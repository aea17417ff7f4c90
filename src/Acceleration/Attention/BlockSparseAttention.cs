using static TorchSharp.torch;

namespace Acceleration;

/// <summary>
/// Attention of which each block of queries sees its own list of blocks of keys, other ones in every row and head. Keys and values are gathered, blocks with equally long lists in one
/// batch, as many at a time as <see cref="GroupedAttention.WorkspaceBytes"/> holds.
/// </summary>
/// <remarks>
/// Gathering reads, writes and reads every kept key once for each block of queries that sees it: where all heads share a pattern, <see cref="GroupedAttention"/> has it for less.
/// </remarks>
public static class BlockSparseAttention
{
    /// <summary>Attention by a map.</summary>
    /// <param name="input">Query, key, value [rows, heads, tokens, head_dim] and scale; no bias, no causal order.</param>
    /// <param name="map">The blocks that are seen. A query that sees none gives zeros.</param>
    /// <returns>[rows, heads, tokens, head_dim].</returns>
    /// <exception cref="ArgumentException">Shapes do not fit, or there is a bias or a causal order.</exception>
    public static Tensor Compute(in AttentionInput input, BlockMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        if (input.Bias is not null || input.Causal)
        {
            throw new ArgumentException("Block-sparse attention takes neither a bias nor a causal order.", nameof(input));
        }

        var shape = AttentionShape.Of(input);
        map.RequireFit(shape);
        using var scope = NewDisposeScope();
        var (query, key, value) = (Cut(input.Query, map.QueryBlock), Cut(input.Key, map.KeyBlock), Cut(input.Value, map.KeyBlock));
        var result = zeros_like(query);
        foreach (var lists in BlockLists.Of(map, shape))
        {
            var bytes = 2 * lists.Length * map.KeyBlock * shape.HeadDim * query.element_size();
            var count = (int)Math.Max(1, GroupedAttention.WorkspaceBytes / bytes);
            for (var from = 0; from < lists.Queries.Count; from += count)
            {
                using var slab = NewDisposeScope();
                var which = tensor(lists.Queries.Skip(from).Take(count).ToArray(), device: query.device);
                var seen = tensor(lists.Keys.Skip(from).Take(count).SelectMany(k => k).ToArray(), device: query.device);
                var mixed = DenseAttention.Compute(new(
                    query.index_select(0, which).unsqueeze(1),
                    Gather(key, seen, which.size(0)),
                    Gather(value, seen, which.size(0)),
                    lists.Ragged ? Present(lists.Length * map.KeyBlock, (map.KeyBlock - (shape.Keys % map.KeyBlock)) % map.KeyBlock, query.device) : null,
                    Scale: input.Scale));
                result.index_copy_(0, which, mixed.squeeze(1));
            }
        }

        return result.view(shape.Rows, shape.Heads, -1, shape.HeadDim).narrow(2, 0, shape.Queries).MoveToOuterDisposeScope();
    }

    /// <summary>[rows · heads · blocks, block, head_dim], the last block of a head filled up with zeros.</summary>
    private static Tensor Cut(Tensor x, long block)
    {
        long tokens = x.size(2), blocks = BlockMap.Blocks(tokens, block);
        if (tokens == blocks * block)
        {
            return x.reshape(-1, block, x.size(3));
        }

        var padded = zeros([x.size(0), x.size(1), blocks * block, x.size(3)], x.dtype, x.device);
        padded.narrow(2, 0, tokens).copy_(x);
        return padded.view(-1, block, x.size(3));
    }

    private static Tensor Gather(Tensor blocks, Tensor seen, long lists) => blocks.index_select(0, seen).view(lists, 1, -1, blocks.size(2));

    /// <summary>Which of the gathered keys are there: all but the last ones.</summary>
    private static Tensor Present(long keys, long missing, Device device) => KeptScalars.Range(keys, ScalarType.Int64, device).LessThan(keys - missing).view(1, 1, 1, keys);
}
