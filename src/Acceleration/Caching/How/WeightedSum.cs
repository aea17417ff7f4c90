using static TorchSharp.torch;

namespace Acceleration;

/// <summary>
/// Σ weight·value, in float32 at least: weights that half precision rounds no longer add up to 1. The way to multiply tensors by numbers in a strategy: operators such as <c>t * 3f</c> make a temporary scalar, which may be
/// finalized while the native call still reads it.
/// </summary>
public static class WeightedSum
{
    private const double LeastMean = 0.25;

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

    /// <summary>The same where the weights of each row add up to 1: then one pass over memory less, as each value joins the mean of those before it.</summary>
    internal static Tensor OfMean(IReadOnlyList<Tensor> values, IReadOnlyList<double[]> weights)
    {
        // Weights so far that nearly cancel have no mean to speak of.
        var sums = new double[weights.Count];
        for (var i = 0; i < sums.Length; i++)
        {
            sums[i] = weights[i][0] + (i > 0 ? sums[i - 1] : 0);
        }

        if (values.Count < 2 || weights.Any(w => w.Length > 1) || sums.Any(s => Math.Abs(s) < LeastMean))
        {
            return Of(values, weights);
        }

        var mean = Wide.Of(values[0]);
        for (var i = 1; i < values.Count; i++)
        {
            using var share = KeptScalars.Full([], weights[i][0] / sums[i], mean.dtype, mean.device);
            mean = i == 1 ? mean.lerp(Wide.Of(values[i]), share) : mean.lerp_(Wide.Of(values[i]), share);
        }

        return mean;
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
