using TorchSharp;
using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Attention of every token to every token, in the fastest form measured on this machine.</summary>
public static class DenseAttention
{
    // Below this many multiply-adds the single call of the fused form is hard to beat.
    private const double SmallestProduct = 1 << 20;
    private const long SmallestWorkspace = 64 << 10;
    private static long _workspaceBytes = 16 << 20;

    internal static readonly RouteTable Table = new("attention", Enum.GetNames<AttentionRoute>());

    /// <summary>The route of every call on the CPU; null, the default, measures each class of shapes once.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a member of the enumeration.</exception>
    public static AttentionRoute? Route
    {
        get => (AttentionRoute?)Table.Pinned;
        set => Table.Pinned = (int?)value;
    }

    /// <summary>
    /// The bytes that scores and their softmax may take together in the composed routes; 16 MiB unless set. Copies of the piece's
    /// query, key and value come on top. More than this leaves the caches, and beyond some 32 MiB allocations go to the system.
    /// </summary>
    /// <remarks>Setting it forgets the measured routes of attention.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">Less than 64 KiB.</exception>
    public static long WorkspaceBytes
    {
        get => Volatile.Read(ref _workspaceBytes);
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, SmallestWorkspace);
            Volatile.Write(ref _workspaceBytes, value);
            Table.Forget();
            PartialAttention.Table.Forget();
        }
    }

    /// <summary>softmax(query·keyᵀ·scale + bias)·value.</summary>
    /// <param name="query">[rows, heads, tokens, head_dim]; strided views are welcome.</param>
    /// <param name="key">[rows, heads, key tokens, head_dim].</param>
    /// <param name="value">[rows, heads, key tokens, head_dim].</param>
    /// <param name="bias">Added to the scores (float) or keeping them where true (bool); broadcastable to [rows, heads, tokens, key tokens].
    /// A query that may see no key gives zeros.</param>
    /// <param name="causal">Whether a query sees only the keys up to its own index.</param>
    /// <param name="scale">Factor on the scores; null for 1/√head_dim.</param>
    /// <returns>[rows, heads, tokens, head_dim], in memory as [rows, tokens, heads, head_dim], so that
    /// <c>transpose(1, 2).reshape(rows, tokens, heads * head_dim)</c> copies nothing.</returns>
    /// <exception cref="ArgumentException">Shapes, types or devices do not fit, or the scale is not finite.</exception>
    public static Tensor Compute(Tensor query, Tensor key, Tensor value, Tensor? bias = null, bool causal = false, double? scale = null) =>
        Compute(new AttentionInput(query, key, value, bias, causal, scale));

    /// <inheritdoc cref="Compute(Tensor, Tensor, Tensor, Tensor?, bool, double?)"/>
    /// <param name="input">Query, key, value and their options.</param>
    public static Tensor Compute(in AttentionInput input)
    {
        var shape = AttentionShape.Of(input);
        CountedMultiplyAdds.Current?.Add(shape.Products);
        return shape.Products == 0 ? empty_like(input.Query) : Run(Choose(input, shape), input, shape);
    }

    internal static AttentionRoute Choose(in AttentionInput input, in AttentionShape shape)
    {
        // The composed forms keep every score for a backward pass.
        if (input.Query.device_type != DeviceType.CPU || (is_grad_enabled() && RequiresGrad(input)))
        {
            return AttentionRoute.Fused;
        }

        var key = AttentionProbe.Class(shape, input);
        if (Table.TryGet(key, out var route))
        {
            return (AttentionRoute)route;
        }

        var worthwhile = shape.Type is ScalarType.Float32 or ScalarType.BFloat16 && shape.Products >= SmallestProduct;
        return worthwhile ? (AttentionRoute)AttentionProbe.Measure(key, shape, input.Causal, input.Bias is not null) : AttentionRoute.Fused;
    }

    internal static Tensor Run(AttentionRoute route, in AttentionInput input, in AttentionShape shape) => route == AttentionRoute.Fused
        ? FusedAttention.Compute(input, shape)
        : ComposedAttention.Compute(input, shape, input.Scale ?? 1 / Math.Sqrt(shape.HeadDim), route == AttentionRoute.Convolution, WorkspaceBytes / 2);

    private static bool RequiresGrad(in AttentionInput input) =>
        input.Query.requires_grad || input.Key.requires_grad || input.Value.requires_grad || input.Bias is { requires_grad: true };
}
