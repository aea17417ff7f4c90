namespace Acceleration.Models;

/// <summary>The sites of a Latte and what they cost. Spatial attention is raised with rows × frames along dimension 0, in the layout of one frame.</summary>
internal sealed class LatteSites
{
    /// <summary>Text tokens as T5 usually gives them.</summary>
    public const int UsualText = 120;

    public LatteSites(LatteNetwork network, IReadOnlyList<LatteBlock> blocks)
    {
        var c = network.Config;
        var ends = new CostModel(network.Conditioner.MultiplyAdds, network.Patches.MultiplyAdds + network.Output.MultiplyAdds) { PerText = c.ReadsText ? network.Conditioner.TextMultiplyAdds : 0 };
        AdaLnCosts[] costs = [.. blocks.Select(b => Costs(b, c))];
        Map = new(costs.Aggregate(ends, (sum, cost) => sum + cost.Block), samePrediction: c.OutputChannels == c.Channels);
        Chain = Map.AddChain("blocks", [.. costs.Select(cost => cost.Block)]);
        Blocks = [.. blocks.Select((b, i) => AdaLnSites.Add(Map, Chain.Blocks[i].Path, costs[i], b.IsTemporal))];
    }

    public SiteMap Map { get; }

    public Site Chain { get; }

    public IReadOnlyList<AdaLnSites> Blocks { get; }

    private static AdaLnCosts Costs(LatteBlock block, LatteConfig c)
    {
        var (layers, pair) = (new CostModel(0, block.Attention.MultiplyAdds), 2.0 * c.Width);
        return new(
            block.IsTemporal ? layers with { PerPlacePair = pair } : layers with { PerFramePair = pair },
            new(0, block.FeedForward.MultiplyAdds),
            block.Cross is null ? null : CostModel.CrossAttention(c.Width, c.Width));
    }
}
