using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>The layers of one block: attention among actions, attention to the memory where there is one, and a feed-forward part, each behind a norm. Keys and values of the memory are computed for all blocks at once.</summary>
internal sealed record PolicyBlock(
    LayerNorm AttentionNorm, Linear Qkv, Linear Projection, LayerNorm? CrossNorm, Linear? Query, Linear? CrossProjection, LayerNorm FeedForwardNorm, Linear Up, Linear Down)
{
    public const double Epsilon = 1e-5;

    /// <summary>Reads a block.</summary>
    /// <param name="weights">Where from.</param>
    /// <param name="name">Name of the layer.</param>
    /// <param name="c">Sizes.</param>
    /// <param name="dtype">Type of the products.</param>
    /// <param name="crosses">Whether it attends to a memory.</param>
    /// <param name="keyValue">The layer that makes keys and values of the memory, where there is one.</param>
    public static PolicyBlock Read(IWeightSource weights, string name, PolicyTransformerConfig c, ScalarType dtype, bool crosses, out Linear? keyValue)
    {
        LayerNorm Norm(int number) => LayerNorm.Read(weights, $"{name}.norm{number}", c.Width, Epsilon);
        Linear Out(string attention) => Linear.Read(weights, $"{name}.{attention}.out_proj", c.Width, c.Width, dtype: dtype);
        (Tensor Weight, Tensor Bias) In(string attention) => (
            weights.Take($"{name}.{attention}.in_proj_weight", [3 * c.Width, c.Width], dtype),
            weights.Take($"{name}.{attention}.in_proj_bias", [3 * c.Width], dtype));

        var self = In("self_attn");
        Linear? query = null;
        keyValue = null;
        if (crosses)
        {
            var (weight, bias) = In("multihead_attn");
            query = Part(weight, bias, 0, c.Width);
            keyValue = Part(weight, bias, c.Width, 2 * c.Width);
            weight.Dispose();
            bias.Dispose();
        }

        return new(
            Norm(1),
            new(self.Weight, self.Bias),
            Out("self_attn"),
            crosses ? Norm(2) : null,
            query,
            crosses ? Out("multihead_attn") : null,
            Norm(crosses ? 3 : 2),
            Linear.Read(weights, name + ".linear1", c.Width, c.Hidden, dtype: dtype),
            Linear.Read(weights, name + ".linear2", c.Hidden, c.Width, dtype: dtype));
    }

    private static Linear Part(Tensor weight, Tensor bias, long from, long count)
    {
        using var rows = weight.narrow(0, from, count);
        using var numbers = bias.narrow(0, from, count);
        return new(rows.clone(), numbers.clone());
    }
}
