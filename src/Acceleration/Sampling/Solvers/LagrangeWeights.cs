namespace Acceleration;

/// <summary>Integrals of the Lagrange basis, exact but for rounding.</summary>
internal static class LagrangeWeights
{
    /// <summary>∫ over σ from the first node to <paramref name="end"/> of each basis polynomial through the nodes.</summary>
    /// <param name="nodes">Distinct levels, newest first.</param>
    /// <param name="end">Where the integral ends; not the first node.</param>
    public static double[] Of(double[] nodes, double end)
    {
        // Counted in lengths of the step, so that powers stay near 1.
        var length = end - nodes[0];
        if (length == 0)
        {
            return new double[nodes.Length];
        }

        var places = Array.ConvertAll(nodes, n => (n - nodes[0]) / length);
        return [.. places.Select((_, j) => length * Integral(places, j))];
    }

    /// <summary>∫₀¹ Π (u − u_k)/(u_j − u_k) du over all k but j.</summary>
    private static double Integral(double[] places, int j)
    {
        double[] polynomial = [1];
        for (var k = 0; k < places.Length; k++)
        {
            if (k != j)
            {
                polynomial = Times(polynomial, places[k], places[j] - places[k]);
            }
        }

        return polynomial.Select((c, power) => c / (power + 1)).Sum();
    }

    /// <summary>The polynomial times (u − root)/scale; coefficients from the constant on.</summary>
    private static double[] Times(double[] polynomial, double root, double scale)
    {
        var product = new double[polynomial.Length + 1];
        for (var power = 0; power < polynomial.Length; power++)
        {
            product[power + 1] += polynomial[power] / scale;
            product[power] -= polynomial[power] * root / scale;
        }

        return product;
    }
}
