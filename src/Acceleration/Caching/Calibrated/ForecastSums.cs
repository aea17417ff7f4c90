using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Normal equations of one span: what a sum of some terms comes closest to a target with.</summary>
internal sealed class ForecastSums(int terms)
{
    // Of neighbouring steps a network says nearly the same: enough that the weights stay determined, too little to be seen in them.
    private const double Ridge = 1e-10;

    private readonly double[,] _sums = new double[terms + 1, terms + 1];

    /// <summary>Adds samples. One at a time: in float64 a batch of videos would not fit beside the network.</summary>
    /// <param name="vectors">The terms and the target, [samples, ...] each.</param>
    /// <param name="weights">Square roots of the samples' weights, or null.</param>
    public void Add(IReadOnlyList<Tensor> vectors, Tensor? weights)
    {
        for (var sample = 0L; sample < vectors[0].size(0); sample++)
        {
            using var scope = NewDisposeScope();
            var rows = stack([.. vectors.Select(v => v.narrow(0, sample, 1).flatten().to(ScalarType.Float64))], 0);
            rows = weights is null ? rows : rows * weights.narrow(0, sample, 1).view(1, 1);
            var products = HostReads.Doubles(rows.matmul(rows.transpose(0, 1)));
            for (var i = 0; i < products.Length; i++)
            {
                _sums[i / vectors.Count, i % vectors.Count] += products[i];
            }
        }
    }

    /// <summary>The terms' weights.</summary>
    /// <exception cref="InvalidOperationException">A sample has values that are not finite.</exception>
    public double[] Solve()
    {
        if (_sums.Cast<double>().Any(s => !double.IsFinite(s)))
        {
            throw new InvalidOperationException("A trajectory has values that are not finite; nothing can be fitted to it.");
        }

        var (gram, right) = (new double[terms, terms], new double[terms]);
        for (var i = 0; i < terms; i++)
        {
            right[i] = _sums[i, terms];
            for (var j = 0; j < terms; j++)
            {
                gram[i, j] = _sums[i, j];
            }
        }

        return NormalEquations.Solve(gram, right, Ridge);
    }
}
