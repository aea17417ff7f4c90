using System.Numerics;

namespace Acceleration;

/// <summary>
/// Exact dynamic mode decomposition of snapshots y₀ .. yₘ through their inner products alone. With X = [y₀ .. yₘ₋₁] = UΣVᵀ and X' = [y₁ .. yₘ], modes are X'VΣ⁻¹w for the eigenvectors w of UᵀX'VΣ⁻¹, which is (VΣ⁻¹)ᵀ(XᵀX')(VΣ⁻¹); yₘ is put
/// together of them, and each is multiplied by a power of its eigenvalue. What comes out is a sum of y₁ .. yₘ.
/// </summary>
internal static class ModeWeights
{
    /// <summary>Singular values below this share of the largest are noise.</summary>
    private const double Negligible = 1e-4;

    /// <summary>Weights of the snapshots, the oldest first; null where no finite ones come out.</summary>
    /// <param name="products">Inner products ⟨yᵢ, yⱼ⟩, the oldest first.</param>
    /// <param name="horizon">How far behind the newest, in distances of snapshots.</param>
    /// <param name="grows">Whether eigenvalues may lie outside of the unit circle.</param>
    public static double[]? Of(double[,] products, double horizon, bool grows)
    {
        var columns = products.GetLength(0) - 1;
        var basis = Basis(products, columns);
        var rank = basis.GetLength(1);
        if (rank == 0)
        {
            return null;
        }

        var (values, vectors) = Eigenvectors.Of(Between(products, basis, 0));

        // The newest snapshot in the basis X'VΣ⁻¹, by least squares, and from there in modes.
        var newest = SymmetricEigen.Of(Between(products, basis, 1)).Solve(Across(products, basis), Negligible * Negligible);
        var parts = Eigenvectors.Solve(vectors, newest);
        if (parts is null)
        {
            return null;
        }

        var weights = new double[columns + 1];
        for (var j = 0; j < rank; j++)
        {
            var factor = values[j];
            var size = Complex.Abs(factor);
            factor = grows || size <= 1 ? factor : factor / size;
            parts[j] *= factor == Complex.Zero ? Complex.Zero : Complex.Pow(factor, horizon);
        }

        for (var i = 0; i < columns; i++)
        {
            for (var k = 0; k < rank; k++)
            {
                weights[i + 1] += basis[i, k] * Enumerable.Range(0, rank).Aggregate(Complex.Zero, (sum, j) => sum + (vectors[k, j] * parts[j])).Real;
            }
        }

        return Array.TrueForAll(weights, double.IsFinite) ? weights : null;
    }

    /// <summary>VΣ⁻¹ of those singular values that count, [columns, rank].</summary>
    private static double[,] Basis(double[,] products, int columns)
    {
        var inner = new double[columns, columns];
        for (var i = 0; i < columns; i++)
        {
            for (var j = 0; j < columns; j++)
            {
                inner[i, j] = products[i, j];
            }
        }

        var eigen = SymmetricEigen.Of(inner);
        var largest = eigen.Values.Max();
        int[] counted = [.. Enumerable.Range(0, columns).Where(k => eigen.Values[k] > Negligible * Negligible * largest && eigen.Values[k] > 0)];
        var basis = new double[columns, counted.Length];
        for (var i = 0; i < columns; i++)
        {
            for (var k = 0; k < counted.Length; k++)
            {
                basis[i, k] = eigen.Vectors[i, counted[k]] / Math.Sqrt(eigen.Values[counted[k]]);
            }
        }

        return basis;
    }

    /// <summary>Bᵀ(ZᵀX')B with Z = X for a shift of 0 and X' for one of 1.</summary>
    private static double[,] Between(double[,] products, double[,] basis, int shift)
    {
        var (columns, rank) = (basis.GetLength(0), basis.GetLength(1));
        var between = new double[rank, rank];
        for (var a = 0; a < rank; a++)
        {
            for (var b = 0; b < rank; b++)
            {
                for (var i = 0; i < columns; i++)
                {
                    for (var j = 0; j < columns; j++)
                    {
                        between[a, b] += basis[i, a] * products[i + shift, j + 1] * basis[j, b];
                    }
                }
            }
        }

        return between;
    }

    /// <summary>BᵀX'ᵀyₘ.</summary>
    private static double[] Across(double[,] products, double[,] basis)
    {
        var (columns, rank) = (basis.GetLength(0), basis.GetLength(1));
        return [.. Enumerable.Range(0, rank).Select(a => Enumerable.Range(0, columns).Sum(i => basis[i, a] * products[i + 1, columns]))];
    }
}
