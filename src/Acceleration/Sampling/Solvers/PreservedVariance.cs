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
        if (Why(grid, step) is { } why)
        {
            throw new ArgumentException($"{solver}: {why}");
        }
    }

    /// <summary>Why a schedule does not lead through such points; null where it does.</summary>
    public static string? Why(Schedule grid) => Enumerable.Range(0, grid.Steps).Select(k => Why(grid, k)).FirstOrDefault(w => w is not null);

    private static string? Why(Schedule grid, int step)
    {
        var (from, to) = (grid.Points[step], grid.Targets[step]);
        return !Preserves(from) || !Preserves(to) ? $"Step {step} of schedule {grid.Name} from {from} to {to} does not preserve variance, alpha² + sigma² = 1; training steps do, for example those of a {nameof(DdimGrid)}."
            : from.Sigma == 0 ? $"Step {step} of schedule {grid.Name} starts at sigma 0, where there is nothing to take away."
            : null;
    }

    private static bool Preserves(GridPoint p) => MathF.Abs((p.Alpha * p.Alpha) + (p.Sigma * p.Sigma) - 1) <= Tolerance;
}
