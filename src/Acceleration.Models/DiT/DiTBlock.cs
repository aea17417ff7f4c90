using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>The layers of one block.</summary>
internal sealed record DiTBlock(SelfAttention Attention, TransformerFeedForward FeedForward)
{
    /// <summary>The original layout: <c>blocks.N.attn.qkv</c> ...</summary>
    public static DiTBlock Original(IWeightSource weights, string name, DiTConfig c, ScalarType dtype) => new(
        new(
            Linear.Read(weights, name + ".attn.qkv", c.Width, 3 * c.Width, dtype: dtype),
            Linear.Read(weights, name + ".attn.proj", c.Width, c.Width, dtype: dtype),
            c.Heads),
        new(
            Linear.Read(weights, name + ".mlp.fc1", c.Width, c.Hidden, dtype: dtype),
            Linear.Read(weights, name + ".mlp.fc2", c.Hidden, c.Width, dtype: dtype),
            new(Activation.GeluTanh)));

    /// <summary>The diffusers layout: <c>transformer_blocks.N.attn1.to_q</c> ...</summary>
    public static DiTBlock Diffusers(IWeightSource weights, string name, DiTConfig c, ScalarType dtype) => new(
        SelfAttention.Read(weights, name + ".attn1", c.Width, c.Heads, dtype: dtype),
        TransformerFeedForward.Read(weights, name + ".ff", c.Width, c.Hidden, new(Activation.GeluTanh), dtype));
}
