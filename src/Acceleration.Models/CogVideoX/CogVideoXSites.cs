namespace Acceleration.Models;

/// <summary>The sites of a CogVideoX and what they cost.</summary>
internal sealed class CogVideoXSites
{
    public CogVideoXSites(CogVideoXNetwork network)
    {
        var (c, first) = (network.Config, network.Blocks[0]);
        var layers = first.Qkv.MultiplyAdds + first.Projection.MultiplyAdds;
        var costs = new AdaLnCosts(JointCost.Tokens(layers, layers) + JointCost.Pairs(c.Width), JointCost.Tokens(first.FeedForward.MultiplyAdds, first.FeedForward.MultiplyAdds));
        var ends = new CostModel(network.Conditioner.MultiplyAdds, 0) + JointCost.Tokens(network.Patches.MultiplyAdds + network.Output.MultiplyAdds, network.Text.MultiplyAdds);

        Map = new(ends + (costs.Block * c.Blocks));
        Chain = Map.AddChain("blocks", c.Blocks, costs.Block);
        Blocks = [.. Chain.Blocks.Select(b => AdaLnSites.Add(Map, b.Path, costs))];
    }

    public SiteMap Map { get; }

    public Site Chain { get; }

    public IReadOnlyList<AdaLnSites> Blocks { get; }
}
