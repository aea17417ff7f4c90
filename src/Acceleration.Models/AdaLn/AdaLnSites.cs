namespace Acceleration.Models;

/// <summary>The sites of a block of adaptive layer norms: its parts before and after their gates.</summary>
/// <param name="Attention">Self-attention, with the norm in front of it.</param>
/// <param name="GatedAttention">The same after its gate.</param>
/// <param name="Cross">Attention to a text, which has no gate; null where there is none.</param>
/// <param name="FeedForward">The feed-forward part, with the norm in front of it.</param>
/// <param name="GatedFeedForward">The same after its gate.</param>
internal sealed record AdaLnSites(Site Attention, Site GatedAttention, Site? Cross, Site FeedForward, Site GatedFeedForward)
{
    /// <summary>Adds those of a block.</summary>
    /// <param name="map">Where to.</param>
    /// <param name="path">The block's.</param>
    /// <param name="costs">What its parts cost.</param>
    /// <param name="isTemporal">Whether it attends over time. Such attention is given all frames: its tokens cannot be reduced.</param>
    public static AdaLnSites Add(SiteMap map, string path, AdaLnCosts costs, bool isTemporal = false)
    {
        const SiteTraits Single = SiteTraits.ShapePreserving | SiteTraits.TokenWise;
        var (kind, name, mixing) = isTemporal
            ? (SiteKind.TemporalAttention, ".temporal", SiteTraits.ShapePreserving)
            : (SiteKind.SelfAttention, ".attention", SiteTraits.ShapePreserving | SiteTraits.TokenMixing);
        return new(
            map.Add(kind, path + name, mixing, costs.Attention),
            map.Add(kind, path + name + ".gated", mixing | SiteTraits.AfterGate, costs.Attention),
            costs.Cross is { } cross ? map.Add(SiteKind.CrossAttention, path + ".cross", Single, cross) : null,
            map.Add(SiteKind.FeedForward, path + ".ff", Single, costs.FeedForward),
            map.Add(SiteKind.FeedForward, path + ".ff.gated", Single | SiteTraits.AfterGate, costs.FeedForward));
    }
}

/// <summary>What the parts of a block cost.</summary>
/// <param name="Attention">Self-attention.</param>
/// <param name="FeedForward">The feed-forward part.</param>
/// <param name="Cross">Attention to a text, or null.</param>
internal sealed record AdaLnCosts(CostModel Attention, CostModel FeedForward, CostModel? Cross = null)
{
    /// <summary>All of them.</summary>
    public CostModel Block => Attention + FeedForward + (Cross ?? default);
}
