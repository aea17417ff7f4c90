using System.Collections.Concurrent;
using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Whether merging can pay on a network, by what it costs on this machine.</summary>
internal static class MergeAdvice
{
    // Both sides of the balance grow with the square of the tokens: what pays here pays at more.
    private const long MostMeasured = 2048;
    private static readonly ConcurrentDictionary<(ToMeSD, TokenLayout, long, ScalarType, string), Lazy<MergeCost>> Known = new();

    /// <summary>Why nothing will be merged at any of its sites, or null. Merging nothing by intent needs no reason.</summary>
    public static string? NeverActs(ToMeSD merging, IEnumerable<Where> places, SiteMap sites)
    {
        // As a run has it: ⌈√(finest / tokens)⌉ of the grids on which the sites lie.
        var times = sites.All.Where(s => places.Any(p => p.Matches(s))).Select(s => (int)Math.Ceiling(Math.Sqrt(Math.Max(1, Math.Floor(1 / s.Share))))).DefaultIfEmpty(1).Min();
        return merging.Ratio > 0 && times > merging.MaxDownsample ? $"the token grids of its sites are at least {times} times shorter than the finest one, beyond {nameof(ToMeSD.MaxDownsample)} {merging.MaxDownsample}" : null;
    }

    /// <summary>Why merging cannot pay at the network's own size, or null.</summary>
    public static string? For(ToMeSD merging, DenoiserInfo network)
    {
        var layout = network.Layout(network.SampleSize);
        layout = layout with { SpecialPerFrame = 0 };
        layout = network.Sites.All.Any(s => s.Kind == SiteKind.SelfAttention && s.Cost.PerFramePair > 0) ? layout with { Frames = 1 } : layout;

        // Two multiply-adds per pair and channel: the width is half of the pair's cost.
        var width = (long)network.Sites.All.Where(s => s.Kind == SiteKind.SelfAttention).Select(s => (s.Cost.PerPair + s.Cost.PerFramePair) / 2).DefaultIfEmpty().Max();
        if (merging.Ratio == 0 || !merging.Parts.HasFlag(MergedParts.Attention) || width == 0 || layout.Tokens > MostMeasured || layout.Tokens * merging.Ratio < 1)
        {
            return null;
        }

        var key = (merging with { Blocks = 1, Every = 1, Seed = 0 }, layout, width, network.DType, $"{network.Device}");
        return Of(merging, layout.Tokens, Known.GetOrAdd(key, k => new(() => MergeCost.Measure(k.Item1, k.Item2, k.Item3, k.Item4, network.Device))).Value);
    }

    /// <summary>What a measured cost says, or null where merging pays.</summary>
    internal static string? Of(ToMeSD merging, long tokens, MergeCost cost)
    {
        double uses = merging.Blocks * merging.Every;
        return cost.Speedup(uses) >= 1
            ? null
            : FormattableString.Invariant($"merging cannot pay at {tokens} tokens here: an attention part takes {cost.Whole:0.00} ms, and {cost.Whole / cost.Speedup(uses):0.00} ms with merging ({cost.Plan:0.00} ms to plan, used {uses:0} {(uses == 1 ? "time" : "times")}; {cost.Move:0.00} ms to merge and expand). ")
                + (cost.BreakEvenUses is { } needed ? FormattableString.Invariant($"It would from {Math.Ceiling(needed):0} uses of a plan on (Blocks × Every).") : "It does not at any number of uses of a plan.");
    }
}
