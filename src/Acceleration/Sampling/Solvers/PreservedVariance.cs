namespace Acceleration;

/// <summary>ᾱ of grid points with α² + σ² = 1, for solvers whose coefficients are published in it.</summary>
internal static class PreservedVariance
{
    private const float Tolerance = 1e-5f;

    /// <summary>
    /// ᾱ in float32. A point holds the roots of ᾱ and of 1 − ᾱ: where little noise is left the second one gives ᾱ back to the last bit, and with it the small differences 1 − ᾱ/ᾱ' that the first would lose.
    /// </summary>
    public static float AlphaBar(GridPoint p)
    {
        var noise = (double)p.Sigma * p.Sigma;
        return (float)(noise < 0.25 ? 1 - noise : (double)p.Alpha * p.Alpha);
    }

    /// <exception cref="ArgumentException">The step is not between two such points, or starts without noise.</exception>
    public static void Require(Schedule grid, int step, string solver)
    {
        var (from, to) = (grid.Points[step], grid.Targets[step]);
        if (!Preserves(from) || !Preserves(to))
        {
            throw new ArgumentException($"Schedule {grid.Name}: step {step} from {from} to {to} does not preserve variance, alpha² + sigma² = 1. {solver} needs training steps, for example a {nameof(DdimGrid)}.");
        }

        if (from.Sigma == 0)
        {
            throw new ArgumentException($"Schedule {grid.Name}: step {step} starts at sigma 0, where {solver} is not defined.");
        }
    }

    private static bool Preserves(GridPoint p) => MathF.Abs((p.Alpha * p.Alpha) + (p.Sigma * p.Sigma) - 1) <= Tolerance;
}
