namespace Acceleration;

/// <summary>Least squares from inner products alone.</summary>
internal static class NormalEquations
{
    /// <summary>What is left of a diagonal entry by rounding, as a part of the mean.</summary>
    private const double Rounding = 1e-14;

    /// <summary>Solves (G + ridge·tr(G)/n·I)·β = r by Cholesky's decomposition.</summary>
    /// <param name="gram">G, symmetric.</param>
    /// <param name="right">r.</param>
    /// <param name="ridge">Part of the mean of G's diagonal.</param>
    /// <exception cref="InvalidOperationException">G is singular, and there is no ridge.</exception>
    public static double[] Solve(double[,] gram, double[] right, double ridge)
    {
        var n = right.Length;
        var mean = Enumerable.Range(0, n).Sum(i => gram[i, i]) / n;
        var added = ridge * mean;
        var root = new double[n, n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var rest = gram[i, j] + (i == j ? added : 0) - Product(root, i, j);
                root[i, j] = i != j ? rest / root[j, j]
                    : rest > Rounding * mean ? Math.Sqrt(rest)
                    : throw new InvalidOperationException("The predictions depend on each other linearly, so that their weights are not determined: add a ridge, use fewer of them, or more trajectories.");
            }
        }

        var solution = new double[n];
        for (var i = 0; i < n; i++)
        {
            solution[i] = (right[i] - Enumerable.Range(0, i).Sum(j => root[i, j] * solution[j])) / root[i, i];
        }

        for (var i = n - 1; i >= 0; i--)
        {
            solution[i] = (solution[i] - Enumerable.Range(i + 1, n - 1 - i).Sum(j => root[j, i] * solution[j])) / root[i, i];
        }

        return solution;
    }

    private static double Product(double[,] root, int i, int j)
    {
        var sum = 0.0;
        for (var k = 0; k < j; k++)
        {
            sum += root[i, k] * root[j, k];
        }

        return sum;
    }
}
