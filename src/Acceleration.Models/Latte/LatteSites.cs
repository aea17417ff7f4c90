namespace Acceleration.Models;

/// <summary>The sites of one block.</summary>
internal sealed record LatteBlockSites(Site Attention, Site GatedAttention, Site? Cross, Site FeedForward, Site GatedFeedForward);

/// <summary>The sites of a Latte and what they cost. Spatial attention is raised with rows × frames along dimension 0, in the layout of one frame.</summary>
internal sealed class LatteSites
{
    /// <summary>Text tokens as T5 usually gives them.</summary>
    public const int UsualText = 120;

    private const SiteTraits Mixing = SiteTraits.ShapePreserving | SiteTraits.TokenMixing;
    private const SiteTraits Single = SiteTraits.ShapePreserving | SiteTraits.TokenWise;

    public LatteSites(LatteNetwork network, IReadOnlyList<LatteBlock> blocks)
    {
        var c = network.Config;
        var ends = new CostModel(network.Conditioner.MultiplyAdds, network.Patches.MultiplyAdds + network.Output.MultiplyAdds) { PerText = c.ReadsText ? network.Conditioner.TextMultiplyAdds : 0 };
        CostModel[] costs = [.. blocks.Select(b => Attention(b, c) + Cross(b, c) + FeedForward(b))];
        Map = new(costs.Aggregate(ends, (sum, cost) => sum + cost), samePrediction: c.OutputChannels == c.Channels);
        Chain = Map.AddChain("blocks", costs);
        Blocks = [.. blocks.Zip(Chain.Blocks, (b, site) => Add(site.Path, b, c))];
    }

    public SiteMap Map { get; }

    public Site Chain { get; }

    public IReadOnlyList<LatteBlockSites> Blocks { get; }

    private LatteBlockSites Add(string path, LatteBlock block, LatteConfig c)
    {
        // Temporal attention is given all frames: its tokens cannot be reduced.
        var (kind, name, traits) = block.IsTemporal ? (SiteKind.TemporalAttention, ".temporal", SiteTraits.ShapePreserving) : (SiteKind.SelfAttention, ".attention", Mixing);
        var attention = Attention(block, c);
        return new(
            Map.Add(kind, path + name, traits, attention),
            Map.Add(kind, path + name + ".gated", traits | SiteTraits.AfterGate, attention),
            block.Cross is null ? null : Map.Add(SiteKind.CrossAttention, path + ".cross", Single, Cross(block, c)),
            Map.Add(SiteKind.FeedForward, path + ".ff", Single, FeedForward(block)),
            Map.Add(SiteKind.FeedForward, path + ".ff.gated", Single | SiteTraits.AfterGate, FeedForward(block)));
    }

    private static CostModel Attention(LatteBlock block, LatteConfig c)
    {
        var (layers, pair) = (new CostModel(0, block.Qkv.MultiplyAdds + block.Projection.MultiplyAdds), 2.0 * c.Width);
        return block.IsTemporal ? layers with { PerPlacePair = pair } : layers with { PerFramePair = pair };
    }

    private static CostModel Cross(LatteBlock block, LatteConfig c) => block.Cross is null ? default : CostModel.CrossAttention(c.Width, c.Width);

    private static CostModel FeedForward(LatteBlock block) => new(0, block.FeedForward.MultiplyAdds);
}
