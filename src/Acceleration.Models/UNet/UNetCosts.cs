namespace Acceleration.Models;

/// <summary>Multiply-adds of the parts of a UNet: convolutions, linear layers and attention.</summary>
/// <param name="c">Sizes.</param>
internal sealed class UNetCosts(UNetConfig c)
{
    /// <summary>Tokens of a text in training.</summary>
    public const int TextTokens = 77;

    private const int Kernel = 9;
    private const int Halved = 4;

    public CostModel Residual(UNetLayerPlan p) => Residual(p.Inputs, p.Outputs);

    /// <summary>A layer with what follows its residual block.</summary>
    public CostModel Layer(UNetLayerPlan p) => Residual(p) + p.Mixing switch
    {
        UNetMixing.Attention => SelfAttention(p.Outputs),
        UNetMixing.Transformer => (Block(p) * p.Depth) + new CostModel(0, 2.0 * p.Outputs * p.Outputs),
        _ => default,
    };

    /// <summary>A halving, for the tokens outside of it.</summary>
    public CostModel Shrink(UNetResamplingPlan p) => Resampling(p).OnShare(1.0 / Halved);

    /// <summary>A doubling, for the tokens inside of it.</summary>
    public CostModel Grow(UNetResamplingPlan p) => Resampling(p).OnShare(Halved);

    public CostModel Block(UNetLayerPlan p) => First(p) + Cross(p) + FeedForward(p);

    /// <summary>What is self-attention in most networks.</summary>
    public CostModel First(UNetLayerPlan p) => p.Stage.OnlyCross ? Cross(p) : SelfAttention(p.Outputs);

    public static CostModel SelfAttention(int width) => CostModel.Attention(width);

    public CostModel Cross(UNetLayerPlan p) => CostModel.CrossAttention(p.Outputs, p.Stage.TextWidth);

    public CostModel FeedForward(UNetLayerPlan p) => new(0, 12.0 * p.Outputs * p.Outputs);

    /// <summary>Everything in a cut, for the tokens outside of it.</summary>
    /// <param name="plan">The network.</param>
    /// <param name="depth">Which cut.</param>
    public CostModel Cut(UNetPlan plan, int depth)
    {
        if (depth == plan.Skips.Count - 1)
        {
            return plan.Middle.Aggregate(default(CostModel), (sum, p) => sum + Layer(p));
        }

        var next = plan.Skips[depth + 1];
        var inside = Outside(plan, depth + 1);
        return next.Shrink is { } shrink ? Shrink(shrink) + (inside + Grow(next.Grow!)).OnShare(1.0 / Halved) : Layer(next.Down!) + inside;
    }

    /// <summary>A cut and the layer that takes its output.</summary>
    public CostModel Outside(UNetPlan plan, int depth) => Cut(plan, depth) + Layer(plan.Skips[depth].Up);

    /// <summary>Parameters, roughly: what is too small to count is left out.</summary>
    public double Parameters(UNetPlan plan) => Conditioner(plan) + Projection
        + plan.Layers.Sum(l => Layer(l).PerToken + Layer(l).PerText)
        + plan.Resamplings.Sum(r => Resampling(r).PerToken)
        + ((double)c.Classes.Count * c.Time.Width);

    /// <summary>The whole network.</summary>
    public CostModel Network(UNetPlan plan)
    {
        var first = c.Levels[0].Channels;
        var ends = ((double)c.InputKernel * c.InputKernel * c.Inputs * first) + ((double)c.OutputKernel * c.OutputKernel * first * c.Outputs);
        return new CostModel(Conditioner(plan), ends) { PerText = Projection } + Outside(plan, 0);
    }

    /// <summary>What is made of a token of the text in front of all layers.</summary>
    private double Projection => c.TextProjection is { } projected ? (double)c.TextWidth * projected : 0;

    /// <summary>The embeddings of one row, and what each residual block is told of them.</summary>
    private double Conditioner(UNetPlan plan)
    {
        double width = c.Time.Width;
        var classes = c.Classes.Form switch
        {
            UNetClassForm.Number => (c.Time.Numbers * width) + (width * width),
            UNetClassForm.Projection => (c.Classes.Width * width) + (width * width),
            UNetClassForm.Linear => c.Classes.Width * width,
            _ => 0,
        };
        var sizes = c.TextTime is { } t ? ((t.Pooled + (UNetConfig.TimeIds * t.Number)) * width) + (width * width) : 0;
        return (c.Time.Numbers * width) + (width * width) + ((double)(c.Time.Guidance ?? 0) * c.Time.Numbers) + classes + sizes + (plan.TimeWidth(c) * c.EmbeddingWidth);
    }

    private CostModel Residual(int inputs, int outputs) =>
        new(0, ((double)Kernel * outputs * (inputs + outputs)) + (inputs == outputs ? 0 : (double)inputs * outputs));

    private CostModel Resampling(UNetResamplingPlan p) => p.Stage.ByResidual ? Residual(p.Channels, p.Channels) : new(0, (double)Kernel * p.Channels * p.Channels);
}
