namespace Acceleration.Models;

/// <summary>The sites of one block.</summary>
internal sealed record CogVideoXBlockSites(Site Attention, Site GatedAttention, Site FeedForward, Site GatedFeedForward);

/// <summary>The sites of a CogVideoX and what they cost.</summary>
internal sealed class CogVideoXSites
{
    private const SiteTraits Mixing = SiteTraits.ShapePreserving | SiteTraits.TokenMixing;
    private const SiteTraits Single = SiteTraits.ShapePreserving | SiteTraits.TokenWise;

    public CogVideoXSites(CogVideoXNetwork network)
    {
        var (c, first) = (network.Config, network.Blocks[0]);
        var layers = first.Qkv.MultiplyAdds + first.Projection.MultiplyAdds;
        var attention = JointCost.Tokens(layers, layers) + JointCost.Pairs(c.Width);
        var feedForward = JointCost.Tokens(first.FeedForward.MultiplyAdds, first.FeedForward.MultiplyAdds);
        var block = attention + feedForward;
        var ends = new CostModel(network.Conditioner.MultiplyAdds, 0) + JointCost.Tokens(network.Patches.MultiplyAdds + network.Output.MultiplyAdds, network.Text.MultiplyAdds);

        Map = new(ends + (block * c.Blocks));
        Chain = Map.AddChain("blocks", c.Blocks, block);
        Blocks =
        [
            .. Chain.Blocks.Select(b => new CogVideoXBlockSites(
                Map.Add(SiteKind.SelfAttention, b.Path + ".attention", Mixing, attention),
                Map.Add(SiteKind.SelfAttention, b.Path + ".attention.gated", Mixing | SiteTraits.AfterGate, attention),
                Map.Add(SiteKind.FeedForward, b.Path + ".ff", Single, feedForward),
                Map.Add(SiteKind.FeedForward, b.Path + ".ff.gated", Single | SiteTraits.AfterGate, feedForward))),
        ];
    }

    public SiteMap Map { get; }

    public Site Chain { get; }

    public IReadOnlyList<CogVideoXBlockSites> Blocks { get; }
}
