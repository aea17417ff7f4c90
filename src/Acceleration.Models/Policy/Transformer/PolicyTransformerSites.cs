namespace Acceleration.Models;

/// <summary>The sites of one block.</summary>
internal sealed record PolicyBlockSites(Site Attention, Site? CrossAttention, Site FeedForward);

/// <summary>The sites of a TransformerForDiffusion and what they cost: multiply-adds of its linear layers and attention.</summary>
internal sealed class PolicyTransformerSites
{
    public PolicyTransformerSites(PolicyTransformerConfig c, CostModel memory)
    {
        double width = c.Width;
        var attention = CostModel.Attention(c.Width);

        // Keys and values of all blocks are part of the memory.
        var cross = c.TimeIsToken ? default : new CostModel(0, (2 * width * width) + (2 * width * c.CertainPositions)) { PerTextToken = c.ObservationsVary ? 2 * width : 0 };
        var feedForward = new CostModel(0, 2 * width * c.Hidden);
        var block = attention + cross + feedForward;

        // Actions alone enter and leave: not the time, where it is a token.
        var ends = 2 * width * c.ActionSize;
        Map = new(memory + new CostModel(c.TimeIsToken ? -ends : 0, ends) + (block * c.Depth));
        Chain = Map.AddChain("blocks", c.Depth, block);
        Blocks =
        [
            .. Chain.Blocks.Select(b => new PolicyBlockSites(
                Map.Add(SiteKind.SelfAttention, b.Path + ".attention", SiteTraits.ShapePreserving | SiteTraits.TokenMixing, attention),
                c.TimeIsToken ? null : Map.Add(SiteKind.CrossAttention, b.Path + ".cross", SiteTraits.ShapePreserving | SiteTraits.TokenWise, cross),
                Map.Add(SiteKind.FeedForward, b.Path + ".ff", SiteTraits.ShapePreserving | SiteTraits.TokenWise, feedForward))),
        ];
    }

    public SiteMap Map { get; }

    public Site Chain { get; }

    public IReadOnlyList<PolicyBlockSites> Blocks { get; }
}
