namespace Acceleration.Models;

/// <summary>The sites of one block.</summary>
internal sealed record WanBlockSites(Site Attention, Site GatedAttention, Site Cross, Site FeedForward, Site GatedFeedForward);

/// <summary>The sites of a Wan and what they cost, for a text and an image of usual length and one time for each row.</summary>
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
        var image = c.ImageWidth is null ? 0 : c.ImageTokens ?? UsualImage;
        var perRow = conditioner.Time.MultiplyAdds + conditioner.Modulation.MultiplyAdds + (UsualText * conditioner.Text.MultiplyAdds) + (image * (conditioner.Image?.FeedForward.MultiplyAdds ?? 0));
        var attention = new CostModel(0, first.Qkv.MultiplyAdds + first.Projection.MultiplyAdds, 2.0 * c.Width);
        var cross = Cross(first.Cross, c.Width, UsualText, image);
        var feedForward = new CostModel(0, first.FeedForward.MultiplyAdds);
        var block = attention + cross + feedForward;

        Map = new(new CostModel(perRow, network.Patches.MultiplyAdds + network.Output.MultiplyAdds) + (block * c.Blocks));
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

    private static CostModel Cross(WanCross cross, double width, double text, double image) => new(
        (text * cross.Text.KeyValue.MultiplyAdds) + (image * (cross.Image ?? cross.Text).KeyValue.MultiplyAdds),
        cross.Query.MultiplyAdds + cross.Projection.MultiplyAdds + (2 * width * (text + image)));
}
