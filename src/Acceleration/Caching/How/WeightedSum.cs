using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Σ weight·value over remembered entries, in float32 at least: weights that half precision rounds no longer add up to 1.</summary>
internal static class WeightedSum
{
    /// <param name="values">Dimension 0 is rows, or rows × fold.</param>
    /// <param name="weights">For each value one weight for all rows, or one for each row.</param>
    public static Tensor Of(IReadOnlyList<Tensor> values, IReadOnlyList<double[]> weights)
    {
        Tensor? sum = null;
        for (var i = 0; i < values.Count; i++)
        {
            sum = Accumulate(sum, Wide.Of(values[i]), weights[i]);
        }

        return sum!;
    }

    private static Tensor Accumulate(Tensor? sum, Tensor value, double[] weights)
    {
        if (weights.Length == 1)
        {
            return sum is null ? value.Times(weights[0]) : sum.Increase(value, weights[0]);
        }

        var shape = Enumerable.Repeat(1L, (int)value.ndim).ToArray();
        shape[0] = weights.Length;
        var fold = value.size(0) / weights.Length;
        var perRow = tensor(Array.ConvertAll(weights, w => (float)w), value.dtype, value.device).view(shape);
        using var scaled = value * (fold == 1 ? perRow : perRow.repeat_interleave(fold, 0));
        return sum is null ? scaled.alias() : sum.Increase(scaled);
    }
}
