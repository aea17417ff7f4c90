namespace Acceleration;

/// <summary>
/// The differences that TaylorSeer and HiCache forecast from: F₀ is the newest entry, and F(j+1) = (F(j) − F(j) as of the entry before) / Δ with Δ the distance of the newest
/// two entries, whatever the order. These are derivatives at the middles of intervals, so that what is built on them is exact for lines only.
/// </summary>
internal static class Ladder
{
    /// <summary>Weights of the entries in Σ basis(j)·F(j), j from 0 to one less than there are entries.</summary>
    public static double[] Weights(ReadOnlySpan<double> nodes, Func<int, double> basis)
    {
        // rows[i] holds F(j) as of entry i, as weights of the entries.
        var rows = new double[nodes.Length][];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = new double[rows.Length];
            rows[i][i] = 1;
        }

        var weights = new double[rows.Length];
        for (var order = 0; order < rows.Length; order++)
        {
            for (var i = 0; order > 0 && i < rows.Length - order; i++)
            {
                for (var k = 0; k < rows.Length; k++)
                {
                    rows[i][k] = (rows[i][k] - rows[i + 1][k]) / (nodes[i] - nodes[i + 1]);
                }
            }

            var factor = basis(order);
            for (var k = 0; k < rows.Length; k++)
            {
                weights[k] += factor * rows[0][k];
            }
        }

        return weights;
    }
}
