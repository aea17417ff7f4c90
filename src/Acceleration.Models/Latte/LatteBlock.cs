using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>The layers of one block, spatial or temporal.</summary>
/// <param name="IsTemporal">Whether it attends over time.</param>
/// <param name="Part">First part of its modulation.</param>
/// <param name="AttentionNorm">In front of the attention.</param>
/// <param name="Qkv">Queries, keys and values.</param>
/// <param name="Projection">After the attention.</param>
/// <param name="Cross">Attention to text, or null.</param>
/// <param name="FeedForwardNorm">In front of the feed-forward part.</param>
/// <param name="FeedForward">The feed-forward part.</param>
internal sealed record LatteBlock(
    bool IsTemporal, int Part, LayerNorm AttentionNorm, Linear Qkv, Linear Projection, LatteCross? Cross, LayerNorm FeedForwardNorm, TransformerFeedForward FeedForward)
{
    public const int Parts = 6;

    public static LatteBlock Read(IWeightSource weights, string name, bool isTemporal, int part, LatteConfig c, ScalarType dtype)
    {
        LayerNorm Norm(string norm) => c.AffineNorms ? LayerNorm.Read(weights, $"{name}.{norm}", c.Width, c.Epsilon) : new(c.Width, c.Epsilon);

        return new(
            isTemporal,
            part,
            Norm("norm1"),
            Linear.ReadStack(weights, c.Width, [($"{name}.attn1.to_q", c.Width), ($"{name}.attn1.to_k", c.Width), ($"{name}.attn1.to_v", c.Width)], c.AttentionBias, dtype),
            Linear.Read(weights, name + ".attn1.to_out.0", c.Width, c.Width, dtype: dtype),
            isTemporal || !c.ReadsText ? null : LatteCross.Read(weights, name + ".attn2", c, dtype),
            Norm("norm2"),
            TransformerFeedForward.Read(weights, name + ".ff", c.Width, c.Hidden, c.FeedForward, dtype));
    }
}

/// <summary>The layers of an attention to text.</summary>
internal sealed record LatteCross(Linear Query, Linear KeyValue, Linear Projection)
{
    public static LatteCross Read(IWeightSource weights, string name, LatteConfig c, ScalarType dtype) => new(
        Linear.Read(weights, name + ".to_q", c.Width, c.Width, c.AttentionBias, dtype),
        Linear.ReadStack(weights, c.Width, [(name + ".to_k", c.Width), (name + ".to_v", c.Width)], c.AttentionBias, dtype),
        Linear.Read(weights, name + ".to_out.0", c.Width, c.Width, dtype: dtype));
}
