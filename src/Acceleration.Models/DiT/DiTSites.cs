namespace Acceleration.Models;

/// <summary>The sites of a DiT and what they cost: multiply-adds of its linear layers and attention.</summary>
internal sealed class DiTSites
{
    public DiTSites(DiTConfig c, double conditioner, int outputChannels)
    {
        double width = c.Width;
        var costs = new AdaLnCosts(CostModel.Attention(c.Width), new(0, 2 * width * c.Hidden));
        var ends = new CostModel(conditioner, width * c.Patch * c.Patch * (c.Channels + outputChannels));

        Map = new(ends + (costs.Block * c.Depth), samePrediction: outputChannels == c.Channels);
        Chain = Map.AddChain("blocks", c.Depth, costs.Block);
        Blocks = [.. Chain.Blocks.Select(b => AdaLnSites.Add(Map, b.Path, costs))];
    }

    public SiteMap Map { get; }

    public Site Chain { get; }

    public IReadOnlyList<AdaLnSites> Blocks { get; }
}
