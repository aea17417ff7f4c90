namespace Acceleration.Models;

/// <summary>The sites of a block of one stream.</summary>
internal sealed record FluxSingleSites(Site Attention, Site Fused, Site GatedFused);

/// <summary>The sites of a FLUX network and what they cost: one chain over blocks of two streams and of one.</summary>
internal sealed class FluxSites
{
    private const SiteTraits Mixing = SiteTraits.ShapePreserving | SiteTraits.TokenMixing;

    public FluxSites(FluxConfig c, IReadOnlyList<TwoStreamBlock> doubles, IReadOnlyList<FluxSingleBlock> singles, double conditioner)
    {
        double width = c.Width;
        var attention = singles.Select(b => JointCost.Tokens(b.Qkv.MultiplyAdds, b.Qkv.MultiplyAdds) + JointCost.Pairs(width)).ToArray();
        var fused = singles.Zip(attention, (b, a) => a + JointCost.Tokens(b.Up.MultiplyAdds + b.Output.MultiplyAdds, b.Up.MultiplyAdds + b.Output.MultiplyAdds)).ToArray();
        CostModel[] blocks =
        [
            .. doubles.Select(b => TwoStreamSites.CostsOf(b, c.Width)).Select(p => p.Attention + p.FeedForward),
            .. fused,
        ];
        var ends = new CostModel(conditioner, width * FluxConfig.Packed * ((2.0 * c.Channels) + c.Beside)) { PerText = width * c.TextWidth };

        Map = new(ends + blocks.Aggregate((a, b) => a + b));
        Chain = Map.AddChain("blocks", blocks);
        Doubles = [.. doubles.Select((b, i) => TwoStreamSites.Add(Map, Chain.Blocks[i].Path, b, c.Width))];
        Singles =
        [
            .. singles.Select((_, i) => Single(Chain.Blocks[doubles.Count + i].Path, attention[i], fused[i])),
        ];
    }

    public SiteMap Map { get; }

    public Site Chain { get; }

    public IReadOnlyList<TwoStreamSites> Doubles { get; }

    public IReadOnlyList<FluxSingleSites> Singles { get; }

    /// <summary>Attention is a part of the fused site, which is the branch of such a block.</summary>
    private FluxSingleSites Single(string path, CostModel attention, CostModel fused)
    {
        var whole = Map.Add(SiteKind.FeedForward, path + ".fused", Mixing, fused);
        return new(Map.Add(SiteKind.SelfAttention, path + ".attention", Mixing, attention, inside: whole), whole, Map.Add(SiteKind.FeedForward, path + ".fused.gated", Mixing | SiteTraits.AfterGate, fused));
    }
}
