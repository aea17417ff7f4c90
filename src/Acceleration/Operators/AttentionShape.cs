using static TorchSharp.torch;

namespace Acceleration;

/// <summary>The sizes of one attention. Made from an input, it has checked it: libtorch reads past the end of a key that is too short.</summary>
internal readonly record struct AttentionShape(long Rows, long Heads, long Queries, long Keys, long HeadDim, ScalarType Type)
{
    /// <summary>Multiply-adds of both products.</summary>
    public double Products => 2.0 * Rows * Heads * Queries * Keys * HeadDim;

    /// <exception cref="ArgumentException">Shapes, types or devices do not fit; the message names them.</exception>
    public static AttentionShape Of(in AttentionInput input)
    {
        var (q, k, v) = (input.Query, input.Key, input.Value);
        if (q.dim() != 4 || k.dim() != 4 || v.dim() != 4)
        {
            throw Misfit(input, "query, key and value must be [rows, heads, tokens, head_dim]");
        }

        var shape = new AttentionShape(q.size(0), q.size(1), q.size(2), k.size(2), q.size(3), q.dtype);
        if (k.size(0) != shape.Rows || v.size(0) != shape.Rows)
        {
            throw Misfit(input, "the rows (dimension 0) differ");
        }

        if (k.size(1) != shape.Heads || v.size(1) != shape.Heads)
        {
            throw Misfit(input, "the heads (dimension 1) differ");
        }

        if (v.size(2) != shape.Keys || shape.Keys == 0)
        {
            throw Misfit(input, "key and value must have the same, positive number of tokens (dimension 2)");
        }

        if (k.size(3) != shape.HeadDim || v.size(3) != shape.HeadDim || shape.HeadDim == 0)
        {
            throw Misfit(input, "head_dim (dimension 3) must be equal and positive");
        }

        if (shape.Type is not (ScalarType.Float32 or ScalarType.BFloat16 or ScalarType.Float16 or ScalarType.Float64)
            || k.dtype != shape.Type || v.dtype != shape.Type)
        {
            throw Misfit(input, "query, key and value must have one floating-point type");
        }

        if (k.device_type != q.device_type || v.device_type != q.device_type)
        {
            throw Misfit(input, "query, key and value must be on one device");
        }

        if (input.Bias is not null)
        {
            shape.CheckBias(input, input.Bias);
        }

        return input.Scale is { } scale && !double.IsFinite(scale)
            ? throw new ArgumentException(FormattableString.Invariant($"Attention: the scale must be finite, not {scale}."), nameof(input))
            : shape;
    }

    private void CheckBias(in AttentionInput input, Tensor bias)
    {
        if (bias.dtype != ScalarType.Bool && bias.dtype != ScalarType.Float32 && bias.dtype != Type)
        {
            throw Misfit(input, "the bias must be bool, float32 or of the query's type");
        }

        if (bias.device_type != input.Query.device_type)
        {
            throw Misfit(input, "the bias must be on the query's device");
        }

        ReadOnlySpan<long> whole = [Rows, Heads, Queries, Keys];
        var dims = (int)bias.dim();
        var fits = dims <= 4;
        for (var i = 1; fits && i <= dims; i++)
        {
            fits = bias.size(dims - i) == 1 || bias.size(dims - i) == whole[^i];
        }

        if (!fits)
        {
            throw Misfit(input, $"the bias does not broadcast to [{Rows}, {Heads}, {Queries}, {Keys}]");
        }
    }

    private static ArgumentException Misfit(in AttentionInput input, string reason) => new(
        $"Attention: {reason}; query {Describe(input.Query)}, key {Describe(input.Key)}, value {Describe(input.Value)}, bias {Describe(input.Bias)}.",
        nameof(input));

    private static string Describe(Tensor? tensor) =>
        tensor is null ? "none" : $"[{string.Join(", ", tensor.shape)}] {tensor.dtype} on {tensor.device_type}";
}
