namespace Acceleration.Models;

/// <summary>The sites of one block.</summary>
internal sealed record WanBlockSites(Site Attention, Site GatedAttention, Site Cross, Site FeedForward, Site GatedFeedForward);

/// <summary>
/// The sites of a Wan and what they cost, for one time for each row. What cross-attention reads counts as text, the image with it: of an image that need not have a certain number of tokens, its embedding alone counts as one of usual length.
/// </summary>
internal sealed class WanSites
{
    /// <summary>Text tokens, padding included, as the network was trained with.</summary>
    public const int UsualText = 512;

    /// <summary>Tokens of an image of 224 × 224 pixels, as CLIP gives them.</summary>
    public const int UsualImage = 257;

    private const SiteTraits Mixing = SiteTraits.ShapePreserving | SiteTraits.TokenMixing;
    private const SiteTraits Single = SiteTraits.ShapePreserving | SiteTraits.TokenWise;

    public WanSites(WanNetwork network)
    {
        var (c, conditioner, first) = (network.Config, network.Conditioner, network.Blocks[0]);
        double text = conditioner.Text.MultiplyAdds, image = conditioner.Image?.FeedForward.MultiplyAdds ?? 0;

        // The tokens of an image are part of those of the text, unless their number is fixed.
        var images = c.ImageWidth is null ? 0 : c.ImageTokens is { } known ? known * image : UsualImage * (image - text);
        var perRow = conditioner.Time.MultiplyAdds + conditioner.Modulation.MultiplyAdds + images;
        var attention = new CostModel(0, first.Qkv.MultiplyAdds + first.Projection.MultiplyAdds, 2.0 * c.Width);
        var cross = Cross(c);
        var feedForward = new CostModel(0, first.FeedForward.MultiplyAdds);
        var block = attention + cross + feedForward;

        Map = new(new CostModel(perRow, network.Patches.MultiplyAdds + network.Output.MultiplyAdds) { PerText = text } + (block * c.Blocks));
        Chain = Map.AddChain("blocks", c.Blocks, block);
        Blocks =
        [
            .. Chain.Blocks.Select(b => new WanBlockSites(
                Map.Add(SiteKind.SelfAttention, b.Path + ".attention", Mixing, attention),
                Map.Add(SiteKind.SelfAttention, b.Path + ".attention.gated", Mixing | SiteTraits.AfterGate, attention),
                Map.Add(SiteKind.CrossAttention, b.Path + ".cross", Single, cross),
                Map.Add(SiteKind.FeedForward, b.Path + ".ff", Single, feedForward),
                Map.Add(SiteKind.FeedForward, b.Path + ".ff.gated", Single | SiteTraits.AfterGate, feedForward))),
        ];
    }

    public SiteMap Map { get; }

    public Site Chain { get; }

    public IReadOnlyList<WanBlockSites> Blocks { get; }

    private static CostModel Cross(WanConfig c)
    {
        var cross = CostModel.CrossAttention(c.Width, c.Width);
        return c.ImageWidth is not null && c.ImageTokens is { } image ? cross + new CostModel(image * cross.PerText, image * cross.PerTextToken) : cross;
    }
}
