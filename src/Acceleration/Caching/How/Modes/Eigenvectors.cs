using System.Numerics;

namespace Acceleration;

/// <summary>Eigenvalues and eigenvectors of a small matrix: shifted QR iterations to an upper triangular one, whose eigenvectors follow from the bottom up.</summary>
internal static class Eigenvectors
{
    private const int Iterations = 500;
    private const double Tiny = 1e-15;

    /// <summary>Values, and vectors as columns. Of values that coincide the vectors may, too.</summary>
    public static (Complex[] Values, Complex[,] Vectors) Of(double[,] matrix)
    {
        var n = matrix.GetLength(0);
        var (a, q) = (new Complex[n, n], new Complex[n, n]);
        var norm = 0.0;
        for (var i = 0; i < n; i++)
        {
            q[i, i] = 1;
            for (var j = 0; j < n; j++)
            {
                a[i, j] = matrix[i, j];
                norm += Math.Abs(matrix[i, j]);
            }
        }

        Triangulate(a, q, Tiny * norm);
        var vectors = new Complex[n, n];
        for (var k = 0; k < n; k++)
        {
            var y = Triangular(a, k, Tiny * norm);
            for (var i = 0; i < n; i++)
            {
                vectors[i, k] = Enumerable.Range(0, n).Aggregate(Complex.Zero, (sum, j) => sum + (q[i, j] * y[j]));
            }
        }

        return ([.. Enumerable.Range(0, n).Select(i => a[i, i])], vectors);
    }

    /// <summary>x with matrix·x = right, by elimination with pivots; null where there is none.</summary>
    public static Complex[]? Solve(Complex[,] matrix, double[] right)
    {
        var n = right.Length;
        var a = (Complex[,])matrix.Clone();
        Complex[] x = [.. right.Select(r => (Complex)r)];
        for (var k = 0; k < n; k++)
        {
            var pivot = Enumerable.Range(k, n - k).MaxBy(i => Complex.Abs(a[i, k]));
            if (Complex.Abs(a[pivot, k]) < Tiny)
            {
                return null;
            }

            (x[k], x[pivot]) = (x[pivot], x[k]);
            for (var j = 0; j < n; j++)
            {
                (a[k, j], a[pivot, j]) = (a[pivot, j], a[k, j]);
            }

            for (var i = k + 1; i < n; i++)
            {
                var factor = a[i, k] / a[k, k];
                x[i] -= factor * x[k];
                for (var j = k; j < n; j++)
                {
                    a[i, j] -= factor * a[k, j];
                }
            }
        }

        for (var k = n - 1; k >= 0; k--)
        {
            for (var j = k + 1; j < n; j++)
            {
                x[k] -= a[k, j] * x[j];
            }

            x[k] /= a[k, k];
        }

        return x;
    }

    /// <summary>Eigenvector k of an upper triangular matrix, of length 1.</summary>
    private static Complex[] Triangular(Complex[,] t, int k, double least)
    {
        var y = new Complex[t.GetLength(0)];
        y[k] = 1;
        for (var i = k - 1; i >= 0; i--)
        {
            var sum = Complex.Zero;
            for (var j = i + 1; j <= k; j++)
            {
                sum -= t[i, j] * y[j];
            }

            var distance = t[i, i] - t[k, k];
            y[i] = sum / (Complex.Abs(distance) > least || sum == Complex.Zero ? distance == Complex.Zero ? 1 : distance : least);
        }

        var length = Math.Sqrt(y.Sum(v => (v.Real * v.Real) + (v.Imaginary * v.Imaginary)));
        return Array.ConvertAll(y, v => v / length);
    }

    /// <summary>Makes a matrix upper triangular, and collects the rotations.</summary>
    private static void Triangulate(Complex[,] a, Complex[,] q, double least)
    {
        var end = a.GetLength(0) - 1;
        for (var i = 0; i < Iterations && end > 0; i++)
        {
            if (Enumerable.Range(0, end).Sum(j => Complex.Abs(a[end, j])) <= least)
            {
                end--;
                continue;
            }

            // Where a shift leads nowhere, another one does.
            var shift = i % 12 == 11 ? new Complex(a[end, end].Real + Complex.Abs(a[end, end - 1]), Complex.Abs(a[end, end - 1])) : Shift(a, end);
            Step(a, q, end, shift);
        }
    }

    /// <summary>The eigenvalue of the last two rows and columns that lies nearer to the corner.</summary>
    private static Complex Shift(Complex[,] a, int end)
    {
        var (p, s) = (a[end - 1, end - 1], a[end, end]);
        var root = Complex.Sqrt(((p - s) * (p - s) / 4) + (a[end - 1, end] * a[end, end - 1]));
        var middle = (p + s) / 2;
        return Complex.Abs(middle + root - s) < Complex.Abs(middle - root - s) ? middle + root : middle - root;
    }

    /// <summary>One step A = QR + μ → RQ + μ on the leading rows and columns, by rotations of pairs.</summary>
    private static void Step(Complex[,] a, Complex[,] q, int end, Complex shift)
    {
        var n = a.GetLength(0);
        List<(int I, int J, Complex C, Complex S)> rotations = [];
        for (var i = 0; i <= end; i++)
        {
            a[i, i] -= shift;
        }

        for (var j = 0; j < end; j++)
        {
            for (var i = j + 1; i <= end; i++)
            {
                var length = Math.Sqrt((Complex.Abs(a[j, j]) * Complex.Abs(a[j, j])) + (Complex.Abs(a[i, j]) * Complex.Abs(a[i, j])));
                if (length == 0 || a[i, j] == Complex.Zero)
                {
                    continue;
                }

                var (c, s) = (a[j, j] / length, a[i, j] / length);
                rotations.Add((j, i, c, s));
                for (var k = 0; k < n; k++)
                {
                    (a[j, k], a[i, k]) = ((Complex.Conjugate(c) * a[j, k]) + (Complex.Conjugate(s) * a[i, k]), (c * a[i, k]) - (s * a[j, k]));
                }
            }
        }

        foreach (var (j, i, c, s) in rotations)
        {
            Turn(a, j, i, c, s, end);
            Turn(q, j, i, c, s, n - 1);
        }

        for (var i = 0; i <= end; i++)
        {
            a[i, i] += shift;
        }
    }

    /// <summary>Columns j and i times the conjugate transpose of a rotation.</summary>
    private static void Turn(Complex[,] m, int j, int i, Complex c, Complex s, int rows)
    {
        for (var k = 0; k <= rows; k++)
        {
            (m[k, j], m[k, i]) = ((m[k, j] * c) + (m[k, i] * s), (m[k, i] * Complex.Conjugate(c)) - (m[k, j] * Complex.Conjugate(s)));
        }
    }
}
