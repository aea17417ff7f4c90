using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>The layers of one block, spatial or temporal.</summary>
/// <param name="IsTemporal">Whether it attends over time.</param>
/// <param name="Part">First part of its modulation.</param>
/// <param name="AttentionNorm">In front of the attention.</param>
/// <param name="Attention">Over one of both.</param>
/// <param name="Cross">Attention to text, or null.</param>
/// <param name="FeedForwardNorm">In front of the feed-forward part.</param>
/// <param name="FeedForward">The feed-forward part.</param>
internal sealed record LatteBlock(
    bool IsTemporal, int Part, LayerNorm AttentionNorm, SelfAttention Attention, CrossAttention? Cross, LayerNorm FeedForwardNorm, TransformerFeedForward FeedForward)
{
    public const int Parts = 6;

    public static LatteBlock Read(IWeightSource weights, string name, bool isTemporal, int part, LatteConfig c, ScalarType dtype)
    {
        LayerNorm Norm(string norm) => c.AffineNorms ? LayerNorm.Read(weights, $"{name}.{norm}", c.Width, c.Epsilon) : new(c.Width, c.Epsilon);

        return new(
            isTemporal,
            part,
            Norm("norm1"),
            SelfAttention.Read(weights, name + ".attn1", c.Width, c.Heads, c.AttentionBias, dtype),
            isTemporal || !c.ReadsText ? null : CrossAttention.Read(weights, name + ".attn2", c.Width, c.Width, c.Heads, c.AttentionBias, dtype),
            Norm("norm2"),
            TransformerFeedForward.Read(weights, name + ".ff", c.Width, c.Hidden, c.FeedForward, dtype));
    }
}
