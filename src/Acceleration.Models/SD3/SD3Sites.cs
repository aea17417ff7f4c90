namespace Acceleration.Models;

/// <summary>The sites of a Stable Diffusion 3 network and what they cost.</summary>
internal sealed class SD3Sites
{
    public SD3Sites(SD3Config c, IReadOnlyList<TwoStreamBlock> blocks, double conditioner)
    {
        double width = c.Width;
        CostModel[] costs = [.. blocks.Select(b => TwoStreamSites.CostsOf(b, c.Width)).Select(p => p.Attention + p.Second + p.FeedForward)];
        var ends = new CostModel(conditioner, width * c.Patch * c.Patch * ((2.0 * c.Channels) + c.Beside)) { PerText = width * c.TextWidth };

        Map = new(ends + costs.Aggregate((a, b) => a + b));
        Chain = Map.AddChain("blocks", costs);
        Blocks = [.. blocks.Select((b, i) => TwoStreamSites.Add(Map, Chain.Blocks[i].Path, b, c.Width))];
    }

    public SiteMap Map { get; }

    public Site Chain { get; }

    public IReadOnlyList<TwoStreamSites> Blocks { get; }
}
