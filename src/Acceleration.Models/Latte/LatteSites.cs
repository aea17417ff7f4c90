namespace Acceleration.Models;

/// <summary>The sites of one block.</summary>
internal sealed record LatteBlockSites(Site Attention, Site GatedAttention, Site? Cross, Site FeedForward, Site GatedFeedForward);

/// <summary>
/// The sites of a Latte and what they cost. Spatial attention is raised with rows × frames along dimension 0, in the layout of one frame: costs are those of the number of frames of training.
/// </summary>
internal sealed class LatteSites
{
    /// <summary>Text tokens as T5 usually gives them.</summary>
    public const int UsualText = 120;

    private const SiteTraits Mixing = SiteTraits.ShapePreserving | SiteTraits.TokenMixing;
    private const SiteTraits Single = SiteTraits.ShapePreserving | SiteTraits.TokenWise;

    public LatteSites(LatteNetwork network, IReadOnlyList<LatteBlock> blocks)
    {
        var c = network.Config;
        var ends = new CostModel(
            network.Conditioner.MultiplyAdds + (c.ReadsText ? UsualText * network.Conditioner.TextMultiplyAdds : 0),
            network.Patches.MultiplyAdds + network.Output.MultiplyAdds);
        CostModel[] costs = [.. blocks.Select(b => Attention(b, c).OfAll + Cross(b, c) + FeedForward(b))];
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
        var attention = Attention(block, c).OfSite;
        return new(
            Map.Add(kind, path + name, traits, attention),
            Map.Add(kind, path + name + ".gated", traits | SiteTraits.AfterGate, attention),
            block.Cross is null ? null : Map.Add(SiteKind.CrossAttention, path + ".cross", Single, Cross(block, c)),
            Map.Add(SiteKind.FeedForward, path + ".ff", Single, FeedForward(block)),
            Map.Add(SiteKind.FeedForward, path + ".ff.gated", Single | SiteTraits.AfterGate, FeedForward(block)));
    }

    /// <summary>In terms of all tokens, and of those of the layout in which the site is raised.</summary>
    private static (CostModel OfAll, CostModel OfSite) Attention(LatteBlock block, LatteConfig c)
    {
        var (layers, pair, frames) = (block.Qkv.MultiplyAdds + block.Projection.MultiplyAdds, 2.0 * c.Width, (double)c.Frames);
        if (block.IsTemporal)
        {
            var temporal = new CostModel(0, layers + (pair * frames));
            return (temporal, temporal);
        }

        return (new(0, layers, pair / frames), new(0, layers * frames, pair * frames));
    }

    private static CostModel Cross(LatteBlock block, LatteConfig c) => block.Cross is { } cross
        ? new(UsualText * cross.KeyValue.MultiplyAdds, cross.Query.MultiplyAdds + cross.Projection.MultiplyAdds + (2.0 * c.Width * UsualText))
        : default;

    private static CostModel FeedForward(LatteBlock block) => new(0, block.FeedForward.MultiplyAdds);
}
