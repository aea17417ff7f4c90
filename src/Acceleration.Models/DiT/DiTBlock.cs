using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>The layers of one block.</summary>
internal sealed record DiTBlock(Linear Qkv, Linear Projection, Linear Up, Linear Down)
{
    /// <summary>The original layout: <c>blocks.N.attn.qkv</c> ...</summary>
    public static DiTBlock Original(IWeightSource weights, string name, DiTConfig c, ScalarType dtype) => new(
        Linear.Read(weights, name + ".attn.qkv", c.Width, 3 * c.Width, dtype: dtype),
        Linear.Read(weights, name + ".attn.proj", c.Width, c.Width, dtype: dtype),
        Linear.Read(weights, name + ".mlp.fc1", c.Width, c.Hidden, dtype: dtype),
        Linear.Read(weights, name + ".mlp.fc2", c.Hidden, c.Width, dtype: dtype));

    /// <summary>The diffusers layout: <c>transformer_blocks.N.attn1.to_q</c> ...</summary>
    public static DiTBlock Diffusers(IWeightSource weights, string name, DiTConfig c, ScalarType dtype) => new(
        Linear.ReadStack(weights, c.Width, [($"{name}.attn1.to_q", c.Width), ($"{name}.attn1.to_k", c.Width), ($"{name}.attn1.to_v", c.Width)], dtype: dtype),
        Linear.Read(weights, name + ".attn1.to_out.0", c.Width, c.Width, dtype: dtype),
        Linear.Read(weights, name + ".ff.net.0.proj", c.Width, c.Hidden, dtype: dtype),
        Linear.Read(weights, name + ".ff.net.2", c.Hidden, c.Width, dtype: dtype));
}
