using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>The layers of one block.</summary>
/// <param name="Qkv">Queries, keys and values of self-attention.</param>
/// <param name="QueryKeyNorm">[2, width]: weights of the norms of its queries and keys.</param>
/// <param name="Projection">After it.</param>
/// <param name="CrossNorm">In front of cross-attention, or null.</param>
/// <param name="Cross">Attention to text and image.</param>
/// <param name="FeedForward">The feed-forward part.</param>
internal sealed record WanBlock(Linear Qkv, Tensor QueryKeyNorm, Linear Projection, LayerNorm? CrossNorm, WanCross Cross, TransformerFeedForward FeedForward)
{
    public const int Parts = 6;

    public static WanBlock Read(IWeightSource weights, string name, WanConfig c, ScalarType dtype) => new(
        Linear.ReadStack(weights, c.Width, [($"{name}.attn1.to_q", c.Width), ($"{name}.attn1.to_k", c.Width), ($"{name}.attn1.to_v", c.Width)], dtype: dtype),
        Norms(weights, name + ".attn1", c),
        Linear.Read(weights, name + ".attn1.to_out.0", c.Width, c.Width, dtype: dtype),
        c.HasCrossNorm ? LayerNorm.Read(weights, name + ".norm2", c.Width, c.Epsilon) : null,
        WanCross.Read(weights, name + ".attn2", c, dtype),
        TransformerFeedForward.Read(weights, name + ".ffn", c.Width, c.Hidden, new(Activation.GeluTanh), dtype));

    private static Tensor Norms(IWeightSource weights, string name, WanConfig c)
    {
        using var scope = NewDisposeScope();
        return stack([weights.Take(name + ".norm_q.weight", [c.Width]), weights.Take(name + ".norm_k.weight", [c.Width])], 0).MoveToOuterDisposeScope();
    }
}

/// <summary>The layers of an attention to text and, in networks that continue an image, to that image.</summary>
internal sealed record WanCross(Linear Query, RmsNorm QueryNorm, WanKeys Text, WanKeys? Image, Linear Projection)
{
    public static WanCross Read(IWeightSource weights, string name, WanConfig c, ScalarType dtype)
    {
        // Published files hold a norm that nothing uses.
        if (c.HasImageKeys && weights.ShapeOf(name + ".norm_added_q.weight") is not null)
        {
            weights.Take(name + ".norm_added_q.weight", [c.Width]).Dispose();
        }

        return new(
            Linear.Read(weights, name + ".to_q", c.Width, c.Width, dtype: dtype),
            RmsNorm.Read(weights, name + ".norm_q", c.Width, c.Epsilon),
            WanKeys.Read(weights, (name + ".to_k", name + ".to_v", name + ".norm_k"), c, dtype),
            c.HasImageKeys ? WanKeys.Read(weights, (name + ".add_k_proj", name + ".add_v_proj", name + ".norm_added_k"), c, dtype) : null,
            Linear.Read(weights, name + ".to_out.0", c.Width, c.Width, dtype: dtype));
    }
}

/// <summary>Keys and values of what is attended to.</summary>
internal sealed record WanKeys(Linear KeyValue, RmsNorm KeyNorm)
{
    public static WanKeys Read(IWeightSource weights, (string Key, string Value, string Norm) names, WanConfig c, ScalarType dtype) => new(
        Linear.ReadStack(weights, c.Width, [(names.Key, c.Width), (names.Value, c.Width)], dtype: dtype),
        RmsNorm.Read(weights, names.Norm, c.Width, c.Epsilon));

    /// <summary>Each [rows, heads, tokens, head_dim].</summary>
    public (Tensor Key, Tensor Value) Of(Tensor tokens, int heads)
    {
        using var scope = NewDisposeScope();
        var both = KeyValue.Apply(tokens);
        var key = Heads.Split(KeyNorm.Apply(both.narrow(2, 0, both.size(2) / 2)), heads);
        return (key.MoveToOuterDisposeScope(), Heads.Of(both, 1, 2, heads).MoveToOuterDisposeScope());
    }
}
