using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>The layers of one block of CLIP, whether it reads text or pictures.</summary>
/// <param name="AttentionNorm">Before attention.</param>
/// <param name="Qkv">Queries, keys and values in one.</param>
/// <param name="Projection">Behind attention.</param>
/// <param name="FeedForwardNorm">Before the feed-forward part.</param>
/// <param name="Up">Its first layer.</param>
/// <param name="Down">Its second.</param>
internal sealed record ClipBlock(LayerNorm AttentionNorm, Linear Qkv, Linear Projection, LayerNorm FeedForwardNorm, Linear Up, Linear Down)
{
    private static readonly string[] Parts = ["q", "k", "v"];

    public required int AttentionHeads { get; init; }

    public required Activation Activation { get; init; }

    /// <summary>Type of sums and norms.</summary>
    public required ScalarType Residual { get; init; }

    /// <summary>Takes a block, <c>name.self_attn.q_proj.weight</c> and so on.</summary>
    public static ClipBlock Read(IWeightSource weights, string name, ClipSizes sizes, NetworkOptions options)
    {
        var (width, attention, dtype) = (sizes.Width, name + ".self_attn", options.DType);
        return new(
            LayerNorm.Read(weights, name + ".layer_norm1", width, sizes.Epsilon),
            Linear.ReadStack(weights, width, Parts.Select(p => ($"{attention}.{p}_proj", (long)width)), dtype: dtype),
            Linear.Read(weights, attention + ".out_proj", width, width, dtype: dtype),
            LayerNorm.Read(weights, name + ".layer_norm2", width, sizes.Epsilon),
            Linear.Read(weights, name + ".mlp.fc1", width, sizes.Hidden, dtype: dtype),
            Linear.Read(weights, name + ".mlp.fc2", sizes.Hidden, width, dtype: dtype))
        {
            AttentionHeads = sizes.Heads,
            Activation = sizes.Activation,
            Residual = options.Residual,
        };
    }

    /// <param name="h">[rows, tokens, width].</param>
    /// <param name="bias">Added to the scores of attention; null for none.</param>
    /// <param name="isCausal">Whether tokens see none behind themselves.</param>
    public Tensor Apply(Tensor h, Tensor? bias = null, bool isCausal = false)
    {
        using var scope = NewDisposeScope();
        var qkv = Qkv.Apply(AttentionNorm.Apply(h));
        var mixed = DenseAttention.Compute(new AttentionInput(Heads.Of(qkv, 0, 3, AttentionHeads), Heads.Of(qkv, 1, 3, AttentionHeads), Heads.Of(qkv, 2, 3, AttentionHeads), bias, Causal: isCausal));
        var middle = h.Plus(Projection.Apply(Heads.Join(mixed)).InType(Residual));
        var active = Activated(FeedForwardNorm.Apply(middle));
        return middle.Increase(Down.Apply(active).InType(Residual)).MoveToOuterDisposeScope();
    }

    private Tensor Activated(Tensor x) => Activation switch
    {
        Activation.Gelu => Up.ApplyGelu(x, GeluForm.Erf),
        Activation.GeluTanh => Up.ApplyGelu(x),
        var other => other.Apply(Up.Apply(x)),
    };
}
