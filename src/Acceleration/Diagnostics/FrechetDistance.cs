using static TorchSharp.torch;

namespace Acceleration;

/// <summary>
/// Fréchet distance between two sets of pictures, each seen as a normal distribution of features (Heusel et al., 2017): |m₁ − m₂|² + tr(C₁ + C₂ − 2·(C₁C₂)^½). With features of Inception it is called FID. Smaller is
/// closer; it shrinks with the number of pictures, so that only sets of equal size are comparable.
/// </summary>
public static class FrechetDistance
{
    /// <summary>The distance, 0 or above; computed in float64 on the CPU.</summary>
    /// <exception cref="ArgumentException">The two have different numbers of features.</exception>
    public static double Between(FeatureStatistics a, FeatureStatistics b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        if (a.Mean.size(0) != b.Mean.size(0))
        {
            throw new ArgumentException($"Features must be the same: one side has {a.Mean.size(0)}, the other {b.Mean.size(0)}.", nameof(b));
        }

        using var scope = NewDisposeScope();
        var difference = a.Mean - b.Mean;
        var apart = (difference * difference).sum();

        // tr (C₁C₂)^½ = tr (C₁^½ C₂ C₁^½)^½, whose argument is symmetric: eigenvalues are real, also where a covariance is singular.
        var (values, vectors) = linalg.eigh(a.Covariance);
        var root = (vectors * values.AtLeast(0).sqrt()).matmul(vectors.t());
        var both = root.matmul(b.Covariance).matmul(root);
        var shared = linalg.eigvalsh(both.Plus(both.t()).Times(0.5)).AtLeast(0).sqrt().sum();
        var distance = apart.Plus(a.Covariance.trace()).Plus(b.Covariance.trace()) - shared.Times(2);
        return Math.Max(0, HostReads.Doubles(distance)[0]);
    }
}
