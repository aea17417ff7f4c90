namespace Acceleration.Tool;

/// <summary>
/// FasterCache as diffusers configures it: self-attention over space and over time by patterns that are searched in the names of modules, made up only in steps in which the unconditional half of the batch is left out, from what it was in
/// the last two steps; factors on the bands of the correction multiply from step to step.
/// </summary>
internal static class StoredFasterCache
{
    private static readonly string[] Formats = ["BCFHW", "BFCHW", "BCHW"];
    private static readonly string[] Spatial = ["^blocks.*attn", "^transformer_blocks.*attn", "^single_transformer_blocks.*attn"];
    private static readonly string[] Temporal = ["^temporal_transformer_blocks.*attn"];

    public static IStrategy Of(StoredConfig c, CachedLoop loop)
    {
        foreach (var callback in new[] { "attention_weight_callback", "low_frequency_weight_callback", "high_frequency_weight_callback", "current_timestep_callback" })
        {
            c.Expect<string?>(callback, null);
        }

        // How frames lie in the reference's tensors: here they are where the network has them.
        _ = c.Choice("tensor_format", Formats[0], [.. Formats.Select(f => (f, f))]);
        var distilled = c.Get("is_guidance_distilled", false);
        if (distilled != loop.Scale is null || loop.Separate)
        {
            throw new NotKnownException($"is_guidance_distilled = {(distilled ? "true" : "false")} with the guidance of its loop is not known: without guidance it is true, with it both branches are one batch.");
        }

        var every = c.Get("unconditional_batch_skip_range", 5);
        var (above, below) = Window(c, "unconditional_batch", [-1, 641]);
        TimedInterval? correction = distilled ? null : new(every, above, below);
        var parts = new List<Cached>();
        var taken = new HashSet<string>();
        AddAttention(c, loop, "spatial", Spatial, c.Get<int?>("spatial_attention_block_skip_range", 2), correction, parts, taken);
        AddAttention(c, loop, "temporal", Temporal, c.Get<int?>("temporal_attention_block_skip_range", null), correction, parts, taken);
        var bands = Bands(c);
        if (correction is not null)
        {
            parts.Add(new(Where.CorrectionOf(Branch.Unconditional), correction, bands));
        }

        return parts.Count > 0 ? new StoredParts("FasterCache", [.. parts]) : throw new NotKnownException("it names no attention of the network, and leaves no branch out.");
    }

    private static void AddAttention(StoredConfig c, CachedLoop loop, string kind, string[] usual, int? every, TimedInterval? correction, List<Cached> parts, HashSet<string> taken)
    {
        var (above, below) = Window(c, $"{kind}_attention", [-1, 681]);
        var named = loop.Attention.Of(c.Get($"{kind}_attention_block_identifiers", usual), whole: false);
        var weight = c.Get("attention_weight", 0.5);
        if (every is { } n && AttentionNames.Select(named.Where(s => !s.EndsWith(".cross", StringComparison.Ordinal) && taken.Add(s))) is { } where)
        {
            var own = new TimedInterval(n, above, below);
            parts.Add(new(where, correction is null ? own : new Both(own, correction), new How(Quantity.Output, new Damped(weight) { Undivided = true }, Abscissa.Step) { Chained = true }));
        }
    }

    private static FrequencySplit Bands(StoredConfig c)
    {
        var (lowAbove, lowBelow) = Window(c, "low_frequency_weight_update", [99, 901], "timestep_range");
        var (highAbove, highBelow) = Window(c, "high_frequency_weight_update", [-1, 301], "timestep_range");
        return new(Quantity.Residual)
        {
            LowFactor = c.Get("alpha_low_frequency", 1.1),
            LowAbove = lowAbove,
            LowBelow = lowBelow,
            HighFactor = c.Get("alpha_high_frequency", 1.1),
            HighAbove = highAbove,
            HighBelow = highBelow,
            Compounding = true,
        };
    }

    private static (double Above, double Below) Window(StoredConfig c, string of, double[] usual, string name = "timestep_skip_range") => c.Get($"{of}_{name}", usual) is [var above, var below]
        ? (above, below)
        : throw new NotKnownException($"{of}_{name} are not two numbers.");
}
