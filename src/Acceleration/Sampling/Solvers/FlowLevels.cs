namespace Acceleration;

/// <summary>What solvers of rectified flows ask of a schedule.</summary>
internal static class FlowLevels
{
    private const float Tolerance = 1e-5f;

    /// <summary>Why a schedule is not one of a flow; null where it is.</summary>
    public static string? Why(Schedule grid) => Enumerable.Range(0, grid.Steps).Select(k => Why(grid, k)).FirstOrDefault(w => w is not null);

    /// <exception cref="ArgumentException">The step is not on a flow.</exception>
    public static void Require(Schedule grid, int step, string solver)
    {
        if (Why(grid, step) is { } why)
        {
            throw new ArgumentException($"{solver}: {why}");
        }
    }

    private static string? Why(Schedule grid, int step)
    {
        var (from, to) = (grid.Points[step], grid.Targets[step]);
        return IsFlow(from) && IsFlow(to) ? null
            : $"Step {step} of schedule {grid.Name} from {from} to {to} is not on a flow, alpha = 1 - sigma; a {nameof(FlowSchedule)} is needed.";
    }

    private static bool IsFlow(GridPoint p) => MathF.Abs(p.Alpha + p.Sigma - 1) <= Tolerance;
}
