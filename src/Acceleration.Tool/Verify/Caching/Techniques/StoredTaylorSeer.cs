namespace Acceleration.Tool;

/// <summary>TaylorSeer as diffusers configures it.</summary>
internal static class StoredTaylorSeer
{
    private static readonly string[] Usual = ["blocks.*attn", "transformer_blocks.*attn", "single_transformer_blocks.*attn", "temporal_transformer_blocks.*attn"];

    public static IStrategy Of(StoredConfig c, CachedLoop loop)
    {
        c.Expect("taylor_factors_dtype", "float32");
        if (c.Has("skip_predict_identifiers"))
        {
            throw new NotKnownException("skip_predict_identifiers are not known yet.");
        }

        var (lite, patterns) = (c.Get("use_lite_mode", false), c.Get("cache_identifiers", Usual));
        var where = lite ? Where.Network : AttentionNames.Select(loop.Attention.Of(patterns, whole: true)) ?? throw new NotKnownException("no attention of the network is named by its cache_identifiers.");
        return new TaylorSeer(c.Get("cache_interval", 5), c.Get("max_order", 1))
        {
            Warmup = c.Get("disable_cache_before_step", 3),
            Until = c.Get<int?>("disable_cache_after_step", null),
            Where = where,
            Published = true,
            Early = true,
        };
    }
}
