namespace Acceleration;

/// <summary>What solvers of rectified flows ask of a schedule.</summary>
internal static class FlowLevels
{
    private const float Tolerance = 1e-5f;

    /// <exception cref="ArgumentException">The step is not on a flow.</exception>
    public static void Require(Schedule grid, int step, string solver)
    {
        var (from, to) = (grid.Points[step], grid.Targets[step]);
        if (!IsFlow(from) || !IsFlow(to))
        {
            throw new ArgumentException($"Schedule {grid.Name}: step {step} from {from} to {to} is not on a flow, alpha = 1 - sigma. {solver} needs a {nameof(FlowSchedule)}.");
        }
    }

    private static bool IsFlow(GridPoint p) => MathF.Abs(p.Alpha + p.Sigma - 1) <= Tolerance;
}
