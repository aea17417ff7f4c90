namespace Acceleration.Models;

/// <summary>The sites of one block.</summary>
internal sealed record DiTBlockSites(Site Attention, Site GatedAttention, Site FeedForward, Site GatedFeedForward);

/// <summary>The sites of a DiT and what they cost: multiply-adds of its linear layers and attention.</summary>
internal sealed class DiTSites
{
    public DiTSites(DiTConfig c, double conditioner, int outputChannels)
    {
        double width = c.Width;
        var attention = new CostModel(0, 4 * width * width, 2 * width);
        var feedForward = new CostModel(0, 2 * width * c.Hidden);
        var block = attention + feedForward;
        var ends = new CostModel(conditioner, width * c.Patch * c.Patch * (c.Channels + outputChannels));

        Map = new(ends + (block * c.Depth), samePrediction: outputChannels == c.Channels);
        Chain = Map.AddChain("blocks", c.Depth, block);
        Blocks =
        [
            .. Chain.Blocks.Select(b => new DiTBlockSites(
                Map.Add(SiteKind.SelfAttention, b.Path + ".attention", SiteTraits.ShapePreserving | SiteTraits.TokenMixing, attention),
                Map.Add(SiteKind.SelfAttention, b.Path + ".attention.gated", SiteTraits.ShapePreserving | SiteTraits.TokenMixing | SiteTraits.AfterGate, attention),
                Map.Add(SiteKind.FeedForward, b.Path + ".ff", SiteTraits.ShapePreserving | SiteTraits.TokenWise, feedForward),
                Map.Add(SiteKind.FeedForward, b.Path + ".ff.gated", SiteTraits.ShapePreserving | SiteTraits.TokenWise | SiteTraits.AfterGate, feedForward))),
        ];
    }

    public SiteMap Map { get; }

    public Site Chain { get; }

    public IReadOnlyList<DiTBlockSites> Blocks { get; }
}
