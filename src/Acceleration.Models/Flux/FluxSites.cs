namespace Acceleration.Models;

/// <summary>The sites of a block of one stream.</summary>
internal sealed record FluxSingleSites(Site Attention, Site Fused, Site GatedFused);

/// <summary>The sites of a FLUX network and what they cost: one chain over blocks of two streams and of one.</summary>
internal sealed class FluxSites
{
    public FluxSites(FluxConfig c, IReadOnlyList<TwoStreamBlock> doubles, IReadOnlyList<FluxSingleBlock> singles, double conditioner)
    {
        const SiteTraits Mixing = SiteTraits.ShapePreserving | SiteTraits.TokenMixing;
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
            .. singles.Select((_, i) => (Path: Chain.Blocks[doubles.Count + i].Path, Attention: attention[i], Fused: fused[i])).Select(b => new FluxSingleSites(
                Map.Add(SiteKind.SelfAttention, b.Path + ".attention", Mixing, b.Attention),
                Map.Add(SiteKind.FeedForward, b.Path + ".fused", Mixing, b.Fused),
                Map.Add(SiteKind.FeedForward, b.Path + ".fused.gated", Mixing | SiteTraits.AfterGate, b.Fused))),
        ];
    }

    public SiteMap Map { get; }

    public Site Chain { get; }

    public IReadOnlyList<TwoStreamSites> Doubles { get; }

    public IReadOnlyList<FluxSingleSites> Singles { get; }
}
