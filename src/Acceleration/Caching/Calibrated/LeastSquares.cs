namespace Acceleration;

/// <summary>Least squares by Householder reflections: loses half as many digits as normal equations do. For small matrices.</summary>
internal sealed class LeastSquares
{
    private readonly double[,] _rows;
    private readonly double[] _diagonal;

    /// <param name="rows">[equations, unknowns], at least as many equations as unknowns. Taken over, and overwritten.</param>
    public LeastSquares(double[,] rows)
    {
        (_rows, _diagonal) = (rows, new double[rows.GetLength(1)]);
        for (var j = 0; j < _diagonal.Length; j++)
        {
            var norm = Math.Sqrt(Dot(j, j, j));
            _diagonal[j] = rows[j, j] > 0 ? -norm : norm;
            rows[j, j] -= _diagonal[j];
            for (var k = j + 1; k < _diagonal.Length; k++)
            {
                var factor = norm == 0 ? 0 : 2 * Dot(j, k, j) / Dot(j, j, j);
                for (var i = j; i < rows.GetLength(0); i++)
                {
                    rows[i, k] -= factor * rows[i, j];
                }
            }
        }
    }

    /// <summary>The smallest of the triangle's diagonal entries as a part of the largest: near 0 the unknowns are not determined.</summary>
    public double Condition => _diagonal.Min(Math.Abs) / _diagonal.Max(Math.Abs);

    /// <summary>The unknowns with which the equations' squared errors are least.</summary>
    /// <param name="right">One number for each equation. Overwritten.</param>
    public double[] Solve(double[] right)
    {
        var unknowns = new double[_diagonal.Length];
        for (var j = 0; j < unknowns.Length; j++)
        {
            var (squares, product) = (Dot(j, j, j), 0.0);
            for (var i = j; i < right.Length; i++)
            {
                product += _rows[i, j] * right[i];
            }

            for (var i = j; squares > 0 && i < right.Length; i++)
            {
                right[i] -= 2 * product / squares * _rows[i, j];
            }
        }

        for (var j = unknowns.Length - 1; j >= 0; j--)
        {
            var rest = right[j];
            for (var k = j + 1; k < unknowns.Length; k++)
            {
                rest -= _rows[j, k] * unknowns[k];
            }

            unknowns[j] = rest / _diagonal[j];
        }

        return unknowns;
    }

    private double Dot(int a, int b, int from)
    {
        var sum = 0.0;
        for (var i = from; i < _rows.GetLength(0); i++)
        {
            sum += _rows[i, a] * _rows[i, b];
        }

        return sum;
    }
}
