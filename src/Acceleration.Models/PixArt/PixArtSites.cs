namespace Acceleration.Models;

/// <summary>The sites of one block.</summary>
internal sealed record PixArtBlockSites(Site Attention, Site GatedAttention, Site CrossAttention, Site FeedForward, Site GatedFeedForward);

/// <summary>The sites of a PixArt network and what they cost.</summary>
internal sealed class PixArtSites
{
    public PixArtSites(PixArtConfig c, double conditioner, double caption, int outputs)
    {
        const SiteTraits Mixing = SiteTraits.ShapePreserving | SiteTraits.TokenMixing;
        const SiteTraits Single = SiteTraits.ShapePreserving | SiteTraits.TokenWise;
        double width = c.Width;
        var attention = CostModel.Attention(c.Width);
        var cross = CostModel.CrossAttention(c.Width, c.CrossWidth);
        var feedForward = new CostModel(0, 2 * width * c.Hidden);
        var block = attention + cross + feedForward;
        var ends = new CostModel(conditioner, width * c.Patch * c.Patch * (c.Channels + outputs)) { PerText = caption };

        Map = new(ends + (block * c.Depth), samePrediction: outputs == c.Channels);
        Chain = Map.AddChain("blocks", c.Depth, block);
        Blocks =
        [
            .. Chain.Blocks.Select(b => new PixArtBlockSites(
                Map.Add(SiteKind.SelfAttention, b.Path + ".attention", Mixing, attention),
                Map.Add(SiteKind.SelfAttention, b.Path + ".attention.gated", Mixing | SiteTraits.AfterGate, attention),
                Map.Add(SiteKind.CrossAttention, b.Path + ".cross", Single, cross),
                Map.Add(SiteKind.FeedForward, b.Path + ".ff", Single, feedForward),
                Map.Add(SiteKind.FeedForward, b.Path + ".ff.gated", Single | SiteTraits.AfterGate, feedForward))),
        ];
    }

    public SiteMap Map { get; }

    public Site Chain { get; }

    public IReadOnlyList<PixArtBlockSites> Blocks { get; }
}
