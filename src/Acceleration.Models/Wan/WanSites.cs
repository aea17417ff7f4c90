namespace Acceleration.Models;

/// <summary>
/// The sites of a Wan and what they cost, for one time for each row. What cross-attention reads counts as text, the image with it: of an image that need not have a certain number of tokens, its embedding alone counts as one of usual length.
/// </summary>
internal sealed class WanSites
{
    /// <summary>Text tokens, padding included, as the network was trained with.</summary>
    public const int UsualText = 512;

    /// <summary>Tokens of an image of 224 × 224 pixels, as CLIP gives them.</summary>
    public const int UsualImage = 257;

    public WanSites(WanNetwork network)
    {
        var (c, conditioner, first) = (network.Config, network.Conditioner, network.Blocks[0]);
        double text = conditioner.Text.MultiplyAdds, image = conditioner.Image?.FeedForward.MultiplyAdds ?? 0;

        // The tokens of an image are part of those of the text, unless their number is fixed.
        var images = c.ImageWidth is null ? 0 : c.ImageTokens is { } known ? known * image : UsualImage * (image - text);
        var perRow = conditioner.Time.MultiplyAdds + conditioner.Modulation.MultiplyAdds + images;
        var costs = new AdaLnCosts(CostModel.Attention(c.Width), new(0, first.FeedForward.MultiplyAdds), Cross(c));

        Map = new(new CostModel(perRow, network.Patches.MultiplyAdds + network.Output.MultiplyAdds) { PerText = text } + (costs.Block * c.Blocks));
        Chain = Map.AddChain("blocks", c.Blocks, costs.Block);
        Blocks = [.. Chain.Blocks.Select(b => AdaLnSites.Add(Map, b.Path, costs))];
    }

    public SiteMap Map { get; }

    public Site Chain { get; }

    public IReadOnlyList<AdaLnSites> Blocks { get; }

    private static CostModel Cross(WanConfig c)
    {
        var cross = CostModel.CrossAttention(c.Width, c.Width);
        return c.ImageWidth is not null && c.ImageTokens is { } image ? cross + new CostModel(image * cross.PerText, image * cross.PerTextToken) : cross;
    }
}
