using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Token merging as published for classifiers (Bolya et al., arXiv 2210.09461): even tokens are sources, odd ones destinations.</summary>
public static class ToMe
{
    /// <summary>Merges r tokens of each row.</summary>
    /// <param name="metric">[rows, tokens, channels]: the keys, averaged over heads, in the publication.</param>
    /// <param name="merge">r; at most half the tokens that are not protected.</param>
    /// <param name="classToken">Whether token 0 is a class token, which is never merged.</param>
    /// <param name="distillationToken">Whether token 1 is a distillation token, into which nothing is merged. Both then stay the first two.</param>
    public static MergePlan Plan(Tensor metric, long merge, bool classToken = false, bool distillationToken = false)
    {
        var tokens = metric.size(1);
        var r = Math.Min(merge, (tokens - (classToken ? 1 : 0) - (distillationToken ? 1 : 0)) / 2);
        using var scope = NewDisposeScope();
        var (sources, destinations) = TokenPartition.Every((int)tokens, 2, metric.device);
        var plan = TokenMatching.Of(metric, sources, destinations, r, classToken ? 1 : 0, distillationToken ? 1 : 0).Plan();
        return (distillationToken ? SpecialFirst(plan, sources.size(0) - r) : plan).MoveToOuterScope();
    }

    /// <summary>Merges all but every k-th token into the most similar k-th one.</summary>
    /// <param name="metric">[rows, tokens, channels].</param>
    /// <param name="k">At least 2.</param>
    public static MergePlan EveryKth(Tensor metric, int k)
    {
        using var scope = NewDisposeScope();
        var (sources, destinations) = TokenPartition.Every((int)metric.size(1), k, metric.device);
        return TokenMatching.Of(metric, sources, destinations, sources.size(0)).Plan().MoveToOuterScope();
    }

    /// <summary>Slots class, distillation, the other unmerged, the other destinations.</summary>
    private static MergePlan SpecialFirst(MergePlan plan, long unmerged)
    {
        var old = KeptScalars.Range(plan.Kept.Kept, ScalarType.Int64, plan.Slots.device);
        var moved = where(old.EqualTo(0), old, where(old.EqualTo(unmerged), ones_like(old), where(old.LessThan(unmerged), old.Plus(1), old)));
        var slots = moved.index_select(0, plan.Slots.view(-1)).view(plan.Slots.shape);
        return new(slots, plan.Kept.Index.index_select(1, moved.argsort()));
    }
}
