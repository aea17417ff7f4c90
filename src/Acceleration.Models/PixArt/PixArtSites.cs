namespace Acceleration.Models;

/// <summary>The sites of a PixArt network and what they cost.</summary>
internal sealed class PixArtSites
{
    public PixArtSites(PixArtConfig c, double conditioner, double caption, int outputs)
    {
        double width = c.Width;
        var costs = new AdaLnCosts(CostModel.Attention(c.Width), new(0, 2 * width * c.Hidden), CostModel.CrossAttention(c.Width, c.CrossWidth));
        var ends = new CostModel(conditioner, width * c.Patch * c.Patch * (c.Channels + outputs)) { PerText = caption };

        Map = new(ends + (costs.Block * c.Depth), samePrediction: outputs == c.Channels);
        Chain = Map.AddChain("blocks", c.Depth, costs.Block);
        Blocks = [.. Chain.Blocks.Select(b => AdaLnSites.Add(Map, b.Path, costs))];
    }

    public SiteMap Map { get; }

    public Site Chain { get; }

    public IReadOnlyList<AdaLnSites> Blocks { get; }
}
