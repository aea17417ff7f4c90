using static TorchSharp.torch;

namespace Acceleration;

/// <summary>
/// Σ weight·value, in float32 at least: weights that half precision rounds no longer add up to 1. The way to multiply tensors by numbers in a strategy: operators such as <c>t * 3f</c> make a temporary scalar, which may be
/// finalized while the native call still reads it.
/// </summary>
public static class WeightedSum
{
    /// <summary>The sum of tensors of one shape, each by its weight. It belongs to the caller's dispose scope.</summary>
    /// <param name="terms">At least one; <c>(3, t)</c> alone is 3·t.</param>
    /// <exception cref="ArgumentException">There are no terms.</exception>
    public static Tensor Of(params ReadOnlySpan<(double Weight, Tensor Value)> terms)
    {
        Tensor? sum = null;
        foreach (var (weight, value) in terms)
        {
            sum = Accumulate(sum, Wide.Of(value), [weight]);
        }

        return sum ?? throw new ArgumentException("A sum needs at least one term.", nameof(terms));
    }

    /// <summary>The same with weights of each row.</summary>
    /// <param name="values">Dimension 0 is rows, or rows × fold.</param>
    /// <param name="weights">For each value one weight for all rows, or one for each row.</param>
    internal static Tensor Of(IReadOnlyList<Tensor> values, IReadOnlyList<double[]> weights)
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
