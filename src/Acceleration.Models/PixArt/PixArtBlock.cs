using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>The layers of one block.</summary>
/// <param name="Attention">Self-attention.</param>
/// <param name="Cross">Attention to the text.</param>
/// <param name="FeedForward">The feed-forward part.</param>
/// <param name="AttentionNorm">In front of the self-attention.</param>
/// <param name="FeedForwardNorm">In front of the feed-forward part.</param>
internal sealed record PixArtBlock(SelfAttention Attention, CrossAttention Cross, TransformerFeedForward FeedForward, LayerNorm AttentionNorm, LayerNorm FeedForwardNorm)
{
    /// <summary>Takes a block, as diffusers names it.</summary>
    public static PixArtBlock Read(IWeightSource weights, string name, PixArtConfig c, ScalarType dtype)
    {
        return new(
            SelfAttention.Read(weights, name + ".attn1", c.Width, c.Heads, c.AttentionBias, dtype),
            CrossAttention.Read(weights, name + ".attn2", c.Width, c.CrossWidth, c.Heads, c.AttentionBias, dtype),
            TransformerFeedForward.Read(weights, name + ".ff", c.Width, c.Hidden, new(Activation.GeluTanh), dtype),
            Norm("norm1"),
            Norm("norm2"));

        LayerNorm Norm(string part) => c.AffineNorms ? LayerNorm.Read(weights, $"{name}.{part}", c.Width, c.Epsilon) : new(c.Width, c.Epsilon);
    }
}
