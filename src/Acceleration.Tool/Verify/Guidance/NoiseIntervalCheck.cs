namespace Acceleration.Tool;

/// <summary>A recorded run of a scheduler whose guidance is limited to an interval of noise levels.</summary>
internal sealed class NoiseIntervalCheck : ICheck
{
    // Recorded in float64, where ours come from the float32 table of the reference; a decision needs to be on the right side.
    private const double Decisions = 1e-4;

    public string Kind => "guidance";

    public string Knows => "loops with an interval of noise levels";

    public bool Fits(GoldenFile file) => file.TextOrNull("sigma_interval") is not null && StoredScheduler.Knows(file.TextOrNull("scheduler_class"));

    public void Run(GoldenFile file, Findings found, CancellationToken cancellation)
    {
        var scheduler = StoredScheduler.Of(
            file.Text("scheduler_class"), file.Config("scheduler_config"), file.Config("set_timesteps_kwargs"), file.Config("step_kwargs"), file.Count("num_inference_steps"));
        (int Step, int Call, int Index)[] calls = [.. SolverStep.Calls(scheduler.Grid, scheduler.Solver)];
        if (file.Shape("output.x")[0] != calls.Length + 1)
        {
            throw file.Wrong($"output.x holds {file.Shape("output.x")[0]} latents for {calls.Length} network calls; one more than calls is right.");
        }

        GuidedLoopCheck.Grid(file, found, scheduler, calls);
        if (file.Has("output.step_of_call"))
        {
            found.Equal("steps of calls", "", calls.Select(c => (long)c.Step), file.Whole("output.step_of_call"));
        }

        if (file.Has("output.sigma_at_decision"))
        {
            found.Relative("noise levels of decisions", calls.Select(c => Ratio(scheduler.Grid.Points[c.Step])), file.Numbers("output.sigma_at_decision"), Decisions);
        }

        var run = new GuidedLoop(file, found, scheduler, Guidance(file));
        run.FromRecorded(cancellation);
        run.Freely(cancellation);
    }

    private static StoredGuidance Guidance(GoldenFile file)
    {
        var (interval, config) = (file.Config("sigma_interval"), file.Config("guider_config"));
        IStrategy[] strategies =
        [
            new ClassifierFreeGuidance(config.Get<double>("guidance_scale")),
            GuidanceInterval.Noise(interval.Get("low_exclusive", 0.0), interval.Get<double?>("high_inclusive", null)),
        ];
        config.RequireAllRead();
        interval.RequireAllRead();
        return new(strategies) { Active = new Dictionary<string, Func<int, IReadOnlySet<int>, bool>>() };
    }

    private static double Ratio(GridPoint at) => (double)at.Sigma / at.Alpha;
}
