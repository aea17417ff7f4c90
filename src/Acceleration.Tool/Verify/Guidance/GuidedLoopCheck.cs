using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>A recorded run of a scheduler with a guider: grid, combined predictions and steps at the recorded latents, and the whole trajectory.</summary>
internal sealed class GuidedLoopCheck : ICheck
{
    private const double Levels = 1e-5;

    public string Kind => "guidance";

    public string Knows => $"loops of {StoredGuiders.Known} with {StoredScheduler.Known}";

    public bool Fits(GoldenFile file) =>
        file.TextOrNull("layout") is null && StoredGuiders.Find(file.TextOrNull("guider_class")) is not null && StoredScheduler.Knows(file.TextOrNull("scheduler_class"));

    public void Run(GoldenFile file, Findings found, CancellationToken cancellation)
    {
        var scheduler = StoredScheduler.Of(
            file.Text("scheduler_class"), file.Config("scheduler_config"), file.Config("set_timesteps_kwargs"), file.Config("step_kwargs"), file.Count("num_inference_steps"));
        var guidance = StoredGuiders.For(file.Text("guider_class")).Of(file.Config("guider_config"), [.. file.Shape("output.x").Skip(2)]);
        (int Step, int Call, int Index)[] calls = [.. SolverStep.Calls(scheduler.Grid, scheduler.Solver)];
        if (file.Shape("output.x")[0] != calls.Length + 1)
        {
            throw file.Wrong($"output.x holds {file.Shape("output.x")[0]} latents for {calls.Length} network calls; one more than calls is right.");
        }

        Grid(file, found, scheduler, calls);
        var run = new GuidedLoop(file, found, scheduler, guidance);
        run.FromRecorded(cancellation);
        run.Freely(cancellation);
    }

    /// <summary>Compares times and noise levels.</summary>
    internal static void Grid(GoldenFile file, Findings found, StoredScheduler scheduler, (int Step, int Call, int Index)[] calls)
    {
        var grid = scheduler.Grid;
        using var any = zeros([1, 1, 1]);
        GridPoint[] points = [.. calls.Select(c => scheduler.Solver.Input(SolverState.Start(any), grid, c.Step, c.Call).At)];
        if (file.IsWhole("output.timesteps"))
        {
            found.Equal("timesteps", "", points.Select(p => p.Time), file.Numbers("output.timesteps"));
        }
        else
        {
            found.Relative("timesteps", points.Select(p => p.Time), file.Numbers("output.timesteps"), Levels, floor: 0.01);
        }

        Compare("output.sigmas", () => StoredSigmas.Of(scheduler, points));
        Compare("output64.alpha_bar", () => grid.Points.Select(p => (double)p.Alpha * p.Alpha));
        Compare("output64.alpha_bar_prev", () => grid.Targets.Select(p => (double)p.Alpha * p.Alpha));

        void Compare(string name, Func<IEnumerable<double>> levels)
        {
            if (file.Has(name))
            {
                found.Relative(name, levels(), file.Numbers(name), Levels);
            }
        }
    }
}
