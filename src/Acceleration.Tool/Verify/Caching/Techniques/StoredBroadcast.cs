namespace Acceleration.Tool;

/// <summary>Pyramid Attention Broadcast as diffusers configures it: each kind of attention by the names of its blocks, which are searched in the names of modules, so that <c>transformer_blocks</c> names temporal ones, too; the first kind that fits counts.</summary>
internal static class StoredBroadcast
{
    private static readonly (string Kind, string[] Blocks)[] Kinds =
    [
        ("spatial", ["blocks", "transformer_blocks", "single_transformer_blocks", "layers"]),
        ("temporal", ["temporal_transformer_blocks"]),
        ("cross", ["blocks", "transformer_blocks", "layers"]),
    ];

    public static IStrategy Of(StoredConfig c, CachedLoop loop)
    {
        var taken = new HashSet<string>();
        var parts = new List<Cached>();
        foreach (var (kind, blocks) in Kinds)
        {
            var (every, window) = (c.Get<int?>($"{kind}_attention_block_skip_range", null), c.Get($"{kind}_attention_timestep_skip_range", new double[] { 100, 800 }));
            var named = loop.Attention.Of(c.Get($"{kind}_attention_block_identifiers", blocks), whole: false);
            var sites = named.Where(s => s.EndsWith(".cross", StringComparison.Ordinal) == (kind == "cross") && taken.Add(s)).ToArray();
            if (window.Length != 2)
            {
                throw new NotKnownException($"{kind}_attention_timestep_skip_range has {window.Length} numbers, not two.");
            }

            if (every is { } n && AttentionNames.Select(sites) is { } where)
            {
                parts.Add(new(where, new TimedInterval(n, window[0], window[1]), How.LastValue));
            }
            else
            {
                taken.ExceptWith(sites);
            }
        }

        return parts.Count > 0 ? new StoredParts("PAB", [.. parts]) : throw new NotKnownException("it names no attention of the network.");
    }
}
