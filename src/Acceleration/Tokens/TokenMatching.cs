using static TorchSharp.torch;

namespace Acceleration;

/// <summary>
/// Bipartite soft matching (Bolya et al., "Token Merging: Your ViT But Faster", arXiv 2210.09461): every source finds its most similar destination by cosine, and the r sources
/// with the most similar ones are merged into them.
/// </summary>
/// <param name="Sources">int64 [S]: positions of the sources, ascending.</param>
/// <param name="Destinations">int64 [D]: positions of the destinations, ascending.</param>
/// <param name="Unmerged">int64 [rows, S − r]: sources that stay, by their number among the sources.</param>
/// <param name="Merged">int64 [rows, r]: sources that are merged, most similar first.</param>
/// <param name="Targets">int64 [rows, r]: the destination of each merged source, by its number among the destinations.</param>
public sealed record TokenMatching(Tensor Sources, Tensor Destinations, Tensor Unmerged, Tensor Merged, Tensor Targets)
{
    // Similarities of all sources at once would leave the caches, and at 16k tokens take gigabytes.
    private const long SimilaritiesAtOnce = 4 << 20;
    private const double SmallestNorm = 1e-12;

    /// <summary>Matches the tokens of each row.</summary>
    /// <param name="metric">[rows, tokens, channels], any length.</param>
    /// <param name="sources">Positions of the sources.</param>
    /// <param name="destinations">Positions of the destinations.</param>
    /// <param name="merge">r: how many sources are merged, at most all.</param>
    /// <param name="keptSources">The first sources of which none is merged (a class token).</param>
    /// <param name="closedDestinations">The first destinations into which none is merged (a distillation token).</param>
    public static TokenMatching Of(Tensor metric, Tensor sources, Tensor destinations, long merge, long keptSources = 0, long closedDestinations = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(merge);
        using var scope = NewDisposeScope();
        var wide = metric.dtype == ScalarType.Float64 ? metric : metric.to(ScalarType.Float32);
        var unit = wide / wide.norm(-1, keepdim: true).AtLeast(SmallestNorm);
        var (best, target) = Best(unit.index_select(1, sources), unit.index_select(1, destinations).transpose(1, 2), closedDestinations);
        if (keptSources > 0)
        {
            best.narrow(1, 0, keptSources).Fill(double.NegativeInfinity);
        }

        var r = Math.Min(merge, sources.size(0));
        var order = best.sort(1, descending: true, stable: true).Indices;
        var merged = order.narrow(1, 0, r);
        var unmerged = order.narrow(1, r, order.size(1) - r);
        if (keptSources > 0)
        {
            // Its first token must stay the first.
            unmerged = unmerged.sort(1).Values;
        }

        return new(sources.alias().MoveToOuterDisposeScope(), destinations.alias().MoveToOuterDisposeScope(), unmerged.contiguous().MoveToOuterDisposeScope(), merged.contiguous().MoveToOuterDisposeScope(), target.gather(1, merged).MoveToOuterDisposeScope());
    }

    /// <summary>The plan: slots are the unmerged sources, then the destinations.</summary>
    public MergePlan Plan()
    {
        using var scope = NewDisposeScope();
        long rows = Merged.size(0), stay = Unmerged.size(1), destinations = Destinations.size(0);
        var device = Merged.device;
        var own = KeptScalars.Range(stay, stay + destinations, 1, ScalarType.Int64, device).expand(rows, destinations);
        var slots = empty(rows, Sources.size(0) + destinations, ScalarType.Int64, device);
        slots.scatter_(1, Destinations.expand(rows, destinations), own);
        slots.scatter_(1, At(Unmerged), KeptScalars.Range(stay, ScalarType.Int64, device).expand(rows, stay));
        slots.scatter_(1, At(Merged), Targets.Plus(stay));
        var positions = cat([At(Unmerged), Destinations.expand(rows, destinations)], 1);
        return new(slots.MoveToOuterDisposeScope(), positions.MoveToOuterDisposeScope());

        Tensor At(Tensor numbers) => Sources.index_select(0, numbers.reshape(-1)).view(numbers.shape);
    }

    private static (Tensor Best, Tensor Target) Best(Tensor sources, Tensor destinations, long closed)
    {
        var step = Math.Max(1, SimilaritiesAtOnce / Math.Max(1, sources.size(0) * destinations.size(2)));
        var parts = new List<(Tensor Best, Tensor Target)>();
        for (long from = 0; from < sources.size(1); from += step)
        {
            var similarities = sources.narrow(1, from, Math.Min(step, sources.size(1) - from)).contiguous().bmm(destinations);
            if (closed > 0)
            {
                similarities.narrow(2, 0, closed).Fill(double.NegativeInfinity);
            }

            parts.Add(similarities.max(2));
            similarities.Dispose();
        }

        return parts.Count == 1 ? parts[0] : (cat([.. parts.Select(p => p.Best)], 1), cat([.. parts.Select(p => p.Target)], 1));
    }
}
