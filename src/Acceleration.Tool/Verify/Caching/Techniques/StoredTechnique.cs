namespace Acceleration.Tool;

/// <summary>A caching technique as golden files configure it.</summary>
/// <param name="Class">Its <c>class</c>.</param>
/// <param name="Of">The strategy for such settings; every key is asked for.</param>
internal sealed record StoredTechnique(string Class, Func<StoredConfig, CachedLoop, IStrategy> Of)
{
    /// <summary>All that are known.</summary>
    public static IReadOnlyList<StoredTechnique> All { get; } =
    [
        new("FirstBlockCacheConfig", (c, loop) => new FirstBlockCache(c.Get<double>("threshold")) { Inclusive = true, Apart = loop.Separate }),
        new("TeaCache (Flux)", TeaCache),
        new("MagCacheConfig", MagCache),
        new("TaylorSeerCacheConfig", StoredTaylorSeer.Of),
        new("PyramidAttentionBroadcastConfig", StoredBroadcast.Of),
        new("FasterCacheConfig", StoredFasterCache.Of),
    ];

    public static StoredTechnique? Find(string? name) => All.FirstOrDefault(t => t.Class == name);

    private static IStrategy TeaCache(StoredConfig c, CachedLoop loop)
    {
        c.Expect("num_steps", loop.Steps);
        return new TeaCache(c.Get<double>("rel_l1_thresh"), c.Get<double[]>("coefficients"));
    }

    /// <summary>diffusers skips where the sum equals the threshold, too, and resamples ratios of another number of steps.</summary>
    private static IStrategy MagCache(StoredConfig c, CachedLoop loop)
    {
        c.Expect("num_inference_steps", loop.Steps);
        c.Expect("calibrate", false);
        return new MagCache(c.Get("threshold", 0.06), c.Get<double[]>("mag_ratios"), c.Get("max_skip_steps", 3), c.Get("retention_ratio", 0.2)) { Inclusive = true };
    }
}
