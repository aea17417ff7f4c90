using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Blocks of queries that see equally many blocks of keys, and so can be computed in one batch.</summary>
/// <param name="Queries">Blocks of queries, counted over rows, heads and blocks.</param>
/// <param name="Keys">The blocks of keys of each, counted alike; the ragged one last.</param>
/// <param name="Ragged">Whether the last of each is the smaller block at the end of the keys.</param>
internal sealed record BlockLists(List<long> Queries, List<long[]> Keys, bool Ragged)
{
    public int Length => Keys[0].Length;

    /// <summary>Batches of a map; queries that see nothing are in none.</summary>
    public static IEnumerable<BlockLists> Of(BlockMap map, in AttentionShape shape)
    {
        using var scope = NewDisposeScope();
        long queries = map.Keep.size(2), keys = map.Keep.size(3);
        var ragged = shape.Keys % map.KeyBlock != 0;
        var keep = HostReads.Bools(map.Keep.expand(shape.Rows, shape.Heads, queries, keys));
        var lists = new SortedDictionary<(int, bool), BlockLists>();
        for (long q = 0; q < shape.Rows * shape.Heads * queries; q++)
        {
            var head = q / queries;
            long[] seen = [.. Enumerable.Range(0, (int)keys).Where(k => keep[(q * keys) + k]).Select(k => (head * keys) + k)];
            if (seen.Length == 0)
            {
                continue;
            }

            var key = (seen.Length, ragged && seen[^1] % keys == keys - 1);
            if (!lists.TryGetValue(key, out var list))
            {
                lists[key] = list = new([], [], key.Item2);
            }

            list.Queries.Add(q);
            list.Keys.Add(seen);
        }

        return lists.Values;
    }
}
