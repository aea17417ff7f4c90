using TorchSharp;
using static TorchSharp.torch;

namespace Acceleration;

/// <summary>
/// Attention to a part of the keys, with what is needed to join it to other parts: over disjoint sets of keys, O = Σ exp(lᵢ − l)·Oᵢ with l = log Σ exp(lᵢ).
/// </summary>
/// <param name="Output">[rows, heads, queries, head_dim].</param>
/// <param name="LogSumExp">lᵢ, the logarithm of each query's sum of exponentials of scores: float32 [rows, heads, queries] (float64 for float64 inputs).</param>
public readonly record struct PartialAttention(Tensor Output, Tensor LogSumExp) : IDisposable
{
    private const double SmallestProduct = 1 << 20;

    internal static readonly RouteTable Table = new("attention with log-sum-exp", Enum.GetNames<AttentionRoute>());

    /// <summary>Attention to these keys in the fastest form measured on this machine.</summary>
    /// <param name="input">Query, key, value and scale. A bias or causal order is not supported.</param>
    /// <exception cref="ArgumentException">Shapes, types or devices do not fit, or there is a bias or a causal order.</exception>
    public static PartialAttention Compute(in AttentionInput input)
    {
        if (input.Bias is not null || input.Causal)
        {
            throw new ArgumentException("Attention in parts takes neither a bias nor a causal order.", nameof(input));
        }

        var shape = AttentionShape.Of(input);
        return Run(Choose(input, shape), input, shape);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Output.Dispose();
        LogSumExp.Dispose();
    }

    internal static AttentionRoute Choose(in AttentionInput input, in AttentionShape shape)
    {
        // The fused operator with sums exists for these types on the CPU; it tracks no gradient.
        var choice = input.Query.device_type == DeviceType.CPU && shape.Type is ScalarType.Float32 or ScalarType.BFloat16 && !is_grad_enabled();
        if (!choice || shape.Products == 0)
        {
            return AttentionRoute.Composed;
        }

        if (Table.TryGet(AttentionProbe.Class(shape, input), out var route))
        {
            return (AttentionRoute)route;
        }

        return shape.Products >= SmallestProduct ? (AttentionRoute)AttentionProbe.MeasurePartial(AttentionProbe.Class(shape, input), shape) : AttentionRoute.Fused;
    }

    internal static PartialAttention Run(AttentionRoute route, in AttentionInput input, in AttentionShape shape)
    {
        var scale = input.Scale ?? 1 / Math.Sqrt(shape.HeadDim);
        if (route == AttentionRoute.Fused)
        {
            return FusedLogSumExp.Compute(input, scale);
        }

        var sums = empty(shape.Rows, shape.Heads, shape.Queries, shape.Type == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32, input.Query.device);
        return new(ComposedAttention.Compute(input, shape, scale, route == AttentionRoute.Convolution, DenseAttention.WorkspaceBytes / 2, sums), sums);
    }
}
