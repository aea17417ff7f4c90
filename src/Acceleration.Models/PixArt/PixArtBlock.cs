using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>The layers of one block.</summary>
/// <param name="Qkv">Self-attention.</param>
/// <param name="Projection">After it.</param>
/// <param name="Query">Attention to the text: of image tokens.</param>
/// <param name="KeyValue">Attention to the text: of text tokens.</param>
/// <param name="CrossProjection">After it.</param>
/// <param name="Up">First layer of the feed-forward part.</param>
/// <param name="Down">Its second.</param>
/// <param name="AttentionNorm">In front of the self-attention.</param>
/// <param name="FeedForwardNorm">In front of the feed-forward part.</param>
internal sealed record PixArtBlock(
    Linear Qkv, Linear Projection, Linear Query, Linear KeyValue, Linear CrossProjection, Linear Up, Linear Down, LayerNorm AttentionNorm, LayerNorm FeedForwardNorm)
{
    /// <summary>Takes a block, as diffusers names it.</summary>
    public static PixArtBlock Read(IWeightSource weights, string name, PixArtConfig c, ScalarType dtype)
    {
        long width = c.Width;
        return new(
            Stack(width, "attn1.to_q", "attn1.to_k", "attn1.to_v"),
            Linear.Read(weights, name + ".attn1.to_out.0", width, width, dtype: dtype),
            Linear.Read(weights, name + ".attn2.to_q", width, width, c.AttentionBias, dtype),
            Stack(c.CrossWidth, "attn2.to_k", "attn2.to_v"),
            Linear.Read(weights, name + ".attn2.to_out.0", width, width, dtype: dtype),
            Linear.Read(weights, name + ".ff.net.0.proj", width, c.Hidden, dtype: dtype),
            Linear.Read(weights, name + ".ff.net.2", c.Hidden, width, dtype: dtype),
            Norm("norm1"),
            Norm("norm2"));

        Linear Stack(long inputs, params string[] parts) => Linear.ReadStack(weights, inputs, parts.Select(p => ($"{name}.{p}", width)), c.AttentionBias, dtype);
        LayerNorm Norm(string part) => c.AffineNorms ? LayerNorm.Read(weights, $"{name}.{part}", width, c.Epsilon) : new(width, c.Epsilon);
    }
}
