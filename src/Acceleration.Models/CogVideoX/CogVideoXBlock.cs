using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>The layers of one block, which text and video share.</summary>
/// <param name="AttentionNorm">In front of the attention.</param>
/// <param name="Qkv">Queries, keys and values.</param>
/// <param name="HeadNorm">Norms of queries and keys.</param>
/// <param name="Projection">After the attention.</param>
/// <param name="FeedForwardNorm">In front of the feed-forward part.</param>
/// <param name="FeedForward">The feed-forward part.</param>
/// <param name="AttentionAt">First part of the attention's modulation.</param>
/// <param name="FeedForwardAt">First part of the feed-forward part's modulation.</param>
internal sealed record CogVideoXBlock(
    LayerNorm AttentionNorm, Linear Qkv, CogVideoXHeadNorm HeadNorm, Linear Projection, LayerNorm FeedForwardNorm, TransformerFeedForward FeedForward, int AttentionAt, int FeedForwardAt)
{
    /// <summary>Shift, scale and gate of the video, then of the text.</summary>
    public const int Parts = 6;

    private const int Growth = 4;

    public static CogVideoXBlock Read(IWeightSource weights, string name, CogVideoXConfig c, ModulationStack modulation, ScalarType dtype) => new(
        Norm(weights, name + ".norm1.norm", c),
        Linear.ReadStack(weights, c.Width, [($"{name}.attn1.to_q", c.Width), ($"{name}.attn1.to_k", c.Width), ($"{name}.attn1.to_v", c.Width)], c.AttentionBias, dtype),
        CogVideoXHeadNorm.Read(weights, name + ".attn1", c),
        Linear.Read(weights, name + ".attn1.to_out.0", c.Width, c.Width, dtype: dtype),
        Norm(weights, name + ".norm2.norm", c),
        TransformerFeedForward.Read(weights, name + ".ff", c.Width, Growth * c.Width, c.FeedForward, dtype),
        modulation.Add(name + ".norm1.linear", Parts, 1, 4),
        modulation.Add(name + ".norm2.linear", Parts, 1, 4));

    public static LayerNorm Norm(IWeightSource weights, string name, CogVideoXConfig c) =>
        c.AffineNorms ? LayerNorm.Read(weights, name, c.Width, c.Epsilon) : new(c.Width, c.Epsilon);
}

/// <summary>The norms of queries and keys, head by head.</summary>
/// <param name="Weight">[2, 1, head_dim]: for queries and for keys.</param>
/// <param name="Bias">[2, 1, head_dim].</param>
internal sealed record CogVideoXHeadNorm(Tensor Weight, Tensor Bias)
{
    private const double Epsilon = 1e-6;

    private readonly LayerNorm _norm = new(Weight.size(2), Epsilon);

    public static CogVideoXHeadNorm Read(IWeightSource weights, string name, CogVideoXConfig c)
    {
        return new(Both("weight"), Both("bias"));

        Tensor Both(string what)
        {
            using var scope = NewDisposeScope();
            var both = stack([weights.Take($"{name}.norm_q.{what}", [c.HeadWidth]), weights.Take($"{name}.norm_k.{what}", [c.HeadWidth])], 0);
            return both.unsqueeze(1).MoveToOuterDisposeScope();
        }
    }

    /// <param name="both">[rows, tokens, 2·heads, head_dim]: queries, then keys.</param>
    public Tensor Apply(Tensor both)
    {
        using var scope = NewDisposeScope();
        var normed = _norm.Apply(both);
        normed.view(both.size(0), both.size(1), 2, -1, both.size(3)).mul_(Weight).Increase(Bias);
        return normed.MoveToOuterDisposeScope();
    }
}
