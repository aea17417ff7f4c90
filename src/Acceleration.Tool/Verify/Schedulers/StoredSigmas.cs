namespace Acceleration.Tool;

/// <summary>The list of noise levels that a scheduler of the reference keeps, from the points its network calls are made at.</summary>
internal static class StoredSigmas
{
    public static IEnumerable<double> Of(Schedule grid, IReadOnlyList<GridPoint> calls) =>
        calls.Append(grid.Targets[^1]).Select(p => Level(grid, p));

    /// <summary>σ of a flow, else S = σ/α, which is σ itself where α = 1.</summary>
    private static double Level(Schedule grid, GridPoint p) => IsFlow(grid) ? p.Sigma : p.Sigma / p.Alpha;

    private static bool IsFlow(Schedule grid) => grid.Points.All(p => Math.Abs(p.Alpha + p.Sigma - 1) < 1e-6);
}
