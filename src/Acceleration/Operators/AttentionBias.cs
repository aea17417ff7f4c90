using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Biases in the forms the attention routes need.</summary>
internal static class AttentionBias
{
    /// <summary>A view [rows or 1, heads or 1, queries or 1, keys].</summary>
    public static Tensor FourDimensional(Tensor bias, long keys)
    {
        var sizes = new long[] { 1, 1, 1, 1 };
        bias.shape.CopyTo(sizes, 4 - bias.dim());
        var view = bias.reshape(sizes);
        sizes[3] = keys;
        return view.expand(sizes);
    }

    /// <summary>The bias as something to add: a bool bias becomes 0 where it keeps a score and -∞ elsewhere.</summary>
    public static Tensor Additive(Tensor bias, ScalarType dtype) => bias.dtype == ScalarType.Bool
        ? zeros(bias.shape, dtype, bias.device).With(bias.logical_not(), double.NegativeInfinity)
        : bias;

    /// <summary>The causal bias [queries, keys] of queries whose first one has index <paramref name="first"/>, counted from the first key.</summary>
    public static Tensor Causal(long queries, long keys, long first, ScalarType dtype, Device device) =>
        KeptScalars.Full([queries, keys], double.NegativeInfinity, dtype, device).triu(first + 1);

    /// <summary>Where a query may see no key at all, [..., queries or 1, 1]: its result is zero by convention, where a softmax gives NaN.</summary>
    public static Tensor Blind(Tensor additive) => additive.EqualTo(double.NegativeInfinity).all(-1, keepdim: true);
}
