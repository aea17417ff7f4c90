using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Acceleration;

/// <summary>Attention by libtorch's fused operator, which knows neither a scale nor a causal mask beside a bias.</summary>
internal static class FusedAttention
{
    /// <summary>Returns [rows, heads, queries, head_dim].</summary>
    public static Tensor Compute(in AttentionInput input, in AttentionShape shape)
    {
        if (input.Bias is null && input.Scale is null)
        {
            return functional.scaled_dot_product_attention(input.Query, input.Key, input.Value, is_casual: input.Causal);
        }

        using var scope = NewDisposeScope();
        var query = input.Scale is { } scale ? input.Query.Times(scale * Math.Sqrt(shape.HeadDim)) : input.Query;
        var mask = input.Bias is null ? null : Mask(input.Bias, input.Causal, shape);
        return functional.scaled_dot_product_attention(query, input.Key, input.Value, mask!, 0, input.Causal && mask is null)
            .MoveToOuterDisposeScope();
    }

    private static Tensor Mask(Tensor bias, bool causal, in AttentionShape shape)
    {
        var whole = AttentionBias.FourDimensional(bias, shape.Keys);
        if (shape.Type == ScalarType.Float64 && whole.dtype == ScalarType.Float32)
        {
            whole = whole.to_type(shape.Type);
        }

        return causal
            ? AttentionBias.Additive(whole, shape.Type).Plus(AttentionBias.Causal(shape.Queries, shape.Keys, 0, shape.Type, bias.device))
            : whole;
    }
}
