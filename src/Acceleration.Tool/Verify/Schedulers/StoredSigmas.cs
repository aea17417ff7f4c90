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

    public static IEnumerable<double> Of(StoredScheduler scheduler, IReadOnlyList<GridPoint> calls)
    {
        var grid = scheduler.Grid;
        IEnumerable<GridPoint> points = scheduler.Solver switch
        {
            // Those between are in a list of their own; the others stand twice, and the end once more.
            Kdpm2 => [grid.Points[0], .. grid.Targets.SelectMany(p => new[] { p, p }), grid.Targets[^1]],

            // Log-linear levels are one more than there are steps: the end is never reached.
            _ when grid.WholeSteps > grid.Steps => calls.Append(grid.Targets[^1]).Append(scheduler.Levels is SigmaGrid { EndsClean: false } ? grid.Targets[^1] : GridPoints.VarianceExploding(0, 0)),
            _ => calls.Append(grid.Targets[^1]),
        };
        return points.Select(p => Level(grid, p));
    }

    /// <summary>Where each call is made at a level of the grid.</summary>
    public static IEnumerable<double> Of(Schedule grid, IReadOnlyList<GridPoint> calls) => calls.Append(grid.Targets[^1]).Select(p => Level(grid, p));

    /// <summary>σ of a flow, else S = σ/α, which is σ itself where α = 1.</summary>
    private static double Level(Schedule grid, GridPoint p) => IsFlow(grid) ? p.Sigma : p.Sigma / p.Alpha;

    private static bool IsFlow(Schedule grid) => grid.Points.All(p => Math.Abs(p.Alpha + p.Sigma - 1) < 1e-6);
}
