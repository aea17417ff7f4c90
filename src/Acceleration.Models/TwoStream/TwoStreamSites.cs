namespace Acceleration.Models;

/// <summary>The sites of a block of two streams; those of the second attention where there is one.</summary>
internal sealed record TwoStreamSites(Site Attention, Site GatedAttention, Site FeedForward, Site GatedFeedForward, Site? Second, Site? GatedSecond)
{
    /// <summary>What the parts of a block cost.</summary>
    public static (CostModel Attention, CostModel Second, CostModel FeedForward) CostsOf(TwoStreamBlock block, int width) => (
        JointCost.Tokens(block.ImageAttention, block.TextAttention) + JointCost.Pairs(width),
        block.Second is { } second ? new(0, second.Qkv.MultiplyAdds + second.Projection.MultiplyAdds, 2.0 * width) : default,
        JointCost.Tokens(OfFeedForward(block.Image), OfFeedForward(block.Text)));

    /// <summary>Adds the sites of a block.</summary>
    /// <param name="map">Where to.</param>
    /// <param name="path">The block's.</param>
    /// <param name="block">The block.</param>
    /// <param name="width">Width of a token.</param>
    public static TwoStreamSites Add(SiteMap map, string path, TwoStreamBlock block, int width)
    {
        const SiteTraits Mixing = SiteTraits.ShapePreserving | SiteTraits.TokenMixing;
        const SiteTraits Single = SiteTraits.ShapePreserving | SiteTraits.TokenWise;
        var (attention, second, feedForward) = CostsOf(block, width);
        return new(
            map.Add(SiteKind.SelfAttention, path + ".attention", Mixing, attention),
            map.Add(SiteKind.SelfAttention, path + ".attention.gated", Mixing | SiteTraits.AfterGate, attention),
            map.Add(SiteKind.FeedForward, path + ".ff", Single, feedForward),
            map.Add(SiteKind.FeedForward, path + ".ff.gated", Single | SiteTraits.AfterGate, feedForward),
            block.Second is null ? null : map.Add(SiteKind.SelfAttention, path + ".attention2", Mixing, second),
            block.Second is null ? null : map.Add(SiteKind.SelfAttention, path + ".attention2.gated", Mixing | SiteTraits.AfterGate, second));
    }

    private static double OfFeedForward(StreamLayers layers) => layers.Up is null ? 0 : layers.Up.MultiplyAdds + layers.Down!.MultiplyAdds;
}
