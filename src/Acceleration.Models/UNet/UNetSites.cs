namespace Acceleration.Models;

/// <summary>The sites of one transformer block.</summary>
/// <param name="Block">The block.</param>
/// <param name="First">Its self-attention; in some networks another cross-attention.</param>
/// <param name="Cross">Its cross-attention.</param>
/// <param name="FeedForward">Its feed-forward part.</param>
internal sealed record UNetBlockSites(Site Block, Site First, Site Cross, Site FeedForward);

/// <summary>The sites of a UNet and what they cost.</summary>
internal sealed class UNetSites
{
    private const SiteTraits Mixes = SiteTraits.ShapePreserving | SiteTraits.TokenMixing;
    private const SiteTraits TokenWise = SiteTraits.ShapePreserving | SiteTraits.TokenWise;

    private readonly UNetCosts _costs;

    public UNetSites(UNetConfig c, UNetPlan plan)
    {
        _costs = new(c);
        Map = new(_costs.Network(plan), samePrediction: !c.LearnedVariance);
        Cuts =
        [
            .. Enumerable.Range(0, plan.Cuts).Select(i => Map.AddCut(
                $"cut.{i}", _costs.Cut(plan, i), plan.Skips[i].Channels == plan.Skips[i].Below ? SiteTraits.ShapePreserving : SiteTraits.None, UNetPlan.Share(plan.Skips.Take(i + 1).Count(s => s.Shrink is not null)))),
        ];
    }

    public SiteMap Map { get; }

    /// <summary>The outermost first.</summary>
    public IReadOnlyList<Site> Cuts { get; }

    /// <summary>A residual block.</summary>
    public Site Residual(UNetLayerPlan p) =>
        Map.Add(SiteKind.Block, p.Residual, p.Inputs == p.Outputs ? SiteTraits.ShapePreserving : SiteTraits.None, _costs.Residual(p), UNetPlan.Share(p.Level));

    /// <summary>A residual block that changes the resolution.</summary>
    public Site Resampling(UNetResamplingPlan p, bool grows) => Map.Add(SiteKind.Block, p.Path, SiteTraits.None, grows ? _costs.Grow(p) : _costs.Shrink(p), UNetPlan.Share(p.Level));

    /// <summary>Self-attention of pixels, a block by itself.</summary>
    public (Site Block, Site Attention) Pixels(UNetLayerPlan p) => (
        Map.Add(SiteKind.Block, p.Attention, SiteTraits.ShapePreserving, UNetCosts.SelfAttention(p.Outputs), UNetPlan.Share(p.Level)),
        Map.Add(SiteKind.SelfAttention, p.Attention + ".attention", Mixes, UNetCosts.SelfAttention(p.Outputs), UNetPlan.Share(p.Level)));

    /// <summary>Transformer blocks; several in a row are a chain.</summary>
    public (Site? Chain, IReadOnlyList<UNetBlockSites> Blocks) Transformer(UNetLayerPlan p)
    {
        var (path, share) = (p.Attention + ".transformer_blocks", UNetPlan.Share(p.Level));
        var chain = p.Depth > 1 ? Map.AddChain(path, p.Depth, _costs.Block(p), share) : null;
        var blocks = chain?.Blocks ?? (p.Depth == 1 ? [Map.Add(SiteKind.Block, path + ".0", SiteTraits.ShapePreserving, _costs.Block(p), share)] : []);
        return (chain,
        [
            .. blocks.Select(b => new UNetBlockSites(
                b,
                p.Stage.OnlyCross
                    ? Map.Add(SiteKind.CrossAttention, b.Path + ".cross.first", TokenWise, _costs.First(p), share)
                    : Map.Add(SiteKind.SelfAttention, b.Path + ".attention", Mixes, _costs.First(p), share),
                Map.Add(SiteKind.CrossAttention, b.Path + ".cross", TokenWise, _costs.Cross(p), share),
                Map.Add(SiteKind.FeedForward, b.Path + ".ff", TokenWise, _costs.FeedForward(p), share))),
        ]);
    }
}
