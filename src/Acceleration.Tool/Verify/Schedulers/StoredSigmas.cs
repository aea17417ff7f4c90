using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>The list of noise levels that a scheduler of the reference keeps, from the points its network calls are made at.</summary>
internal static class StoredSigmas
{
    /// <summary>The points a scheduler's network calls are made at.</summary>
    public static GridPoint[] Asked(StoredScheduler scheduler)
    {
        using var any = zeros([1, 1, 1]);
        using var scope = NewDisposeScope();
        return [.. SolverStep.Calls(scheduler.Grid, scheduler.Solver).Select(c => scheduler.Solver.Input(SolverState.Start(any), scheduler.Grid, c.Step, c.Call).At)];
    }

    public static IEnumerable<double> Of(StoredScheduler scheduler, IReadOnlyList<GridPoint> calls) =>
        calls.Append(scheduler.Grid.Targets[^1]).Select(p => Level(scheduler, p));

    /// <summary>σ of a flow, else S = σ/α, which is σ itself where α = 1.</summary>
    private static double Level(StoredScheduler scheduler, GridPoint p) => IsFlow(scheduler) ? p.Sigma : p.Sigma / p.Alpha;

    private static bool IsFlow(StoredScheduler scheduler) => scheduler.Grid.Points.All(p => Math.Abs(p.Alpha + p.Sigma - 1) < 1e-6);
}
