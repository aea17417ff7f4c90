namespace Acceleration;

/// <summary>Eigenvalues and orthonormal eigenvectors of a small symmetric matrix, by Jacobi's rotations.</summary>
/// <param name="Values">Eigenvalues.</param>
/// <param name="Vectors">Column k belongs to value k.</param>
internal sealed record SymmetricEigen(double[] Values, double[,] Vectors)
{
    private const int Sweeps = 60;
    private const double Rounding = 1e-34;

    /// <summary>Decomposes a symmetric matrix.</summary>
    public static SymmetricEigen Of(double[,] matrix)
    {
        var n = matrix.GetLength(0);
        var a = (double[,])matrix.Clone();
        var vectors = new double[n, n];
        for (var i = 0; i < n; i++)
        {
            vectors[i, i] = 1;
        }

        for (var sweep = 0; sweep < Sweeps && Off(a) > Rounding * Enumerable.Range(0, n).Sum(i => a[i, i] * a[i, i]); sweep++)
        {
            for (var p = 0; p < n; p++)
            {
                for (var q = p + 1; q < n; q++)
                {
                    Rotate(a, vectors, p, q);
                }
            }
        }

        return new([.. Enumerable.Range(0, n).Select(i => a[i, i])], vectors);
    }

    /// <summary>The shortest x for which the matrix times x is nearest to a vector; eigenvalues below a share of the largest count as zero.</summary>
    public double[] Solve(double[] right, double negligible)
    {
        var n = Values.Length;
        var least = negligible * Values.Max();
        var solution = new double[n];
        for (var k = 0; k < n; k++)
        {
            if (Values[k] <= least || Values[k] <= 0)
            {
                continue;
            }

            var along = Enumerable.Range(0, n).Sum(i => Vectors[i, k] * right[i]) / Values[k];
            for (var i = 0; i < n; i++)
            {
                solution[i] += along * Vectors[i, k];
            }
        }

        return solution;
    }

    private static double Off(double[,] a)
    {
        var sum = 0.0;
        for (var i = 0; i < a.GetLength(0); i++)
        {
            for (var j = i + 1; j < a.GetLength(0); j++)
            {
                sum += a[i, j] * a[i, j];
            }
        }

        return sum;
    }

    private static void Rotate(double[,] a, double[,] vectors, int p, int q)
    {
        if (a[p, q] == 0)
        {
            return;
        }

        var theta = (a[q, q] - a[p, p]) / (2 * a[p, q]);
        var t = double.IsFinite(theta) ? (theta >= 0 ? 1 : -1) / (Math.Abs(theta) + Math.Sqrt((theta * theta) + 1)) : 0;
        var c = 1 / Math.Sqrt((t * t) + 1);
        var s = t * c;
        for (var k = 0; k < a.GetLength(0); k++)
        {
            (a[k, p], a[k, q]) = ((c * a[k, p]) - (s * a[k, q]), (s * a[k, p]) + (c * a[k, q]));
        }

        for (var k = 0; k < a.GetLength(0); k++)
        {
            (a[p, k], a[q, k]) = ((c * a[p, k]) - (s * a[q, k]), (s * a[p, k]) + (c * a[q, k]));
            (vectors[k, p], vectors[k, q]) = ((c * vectors[k, p]) - (s * vectors[k, q]), (s * vectors[k, p]) + (c * vectors[k, q]));
        }

        (a[p, q], a[q, p]) = (0, 0);
    }
}
