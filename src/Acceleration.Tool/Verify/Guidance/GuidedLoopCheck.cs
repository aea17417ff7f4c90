using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>A recorded run of a scheduler with a guider: grid, combined predictions and trajectory.</summary>
internal sealed class GuidedLoopCheck : ICheck
{
    private const double TeacherForced = 1e-5;
    private const double Levels = 1e-5;

    public string Kind => "guidance";

    public string Knows => $"loops of {StoredGuiders.Known} with {StoredScheduler.Known}";

    public bool Fits(GoldenFile file) =>
        file.TextOrNull("layout") is null && StoredGuiders.Find(file.TextOrNull("guider_class")) is not null && StoredScheduler.Knows(file.TextOrNull("scheduler_class"));

    public void Run(GoldenFile file, Findings found, CancellationToken cancellation)
    {
        var steps = file.Count("num_inference_steps");
        var scheduler = StoredScheduler.Of(
            file.Text("scheduler_class"), file.Config("scheduler_config"), file.Config("set_timesteps_kwargs"), file.Config("step_kwargs"), steps);
        var guidance = StoredGuiders.For(file.Text("guider_class")).Of(file.Config("guider_config"), [.. file.Shape("output.x").Skip(2)]);
        if (file.Has("input.noise"))
        {
            throw new NotKnownException("guided loops that draw noise are not known yet.");
        }

        Grid(file, found, scheduler.Grid);
        EachStep(file, found, scheduler, guidance);
        FreeRun(file, found, scheduler, guidance, cancellation);
    }

    private static void Grid(GoldenFile file, Findings found, Schedule grid)
    {
        var times = grid.Points.Select(p => p.Time);
        if (file.IsWhole("output.timesteps"))
        {
            found.Equal("timesteps", "", times, file.Numbers("output.timesteps"));
        }
        else
        {
            found.Relative("timesteps", times, file.Numbers("output.timesteps"), Levels);
        }

        Compare("output.sigmas", grid.Points.Append(grid.Targets[^1]), p => p.Sigma);
        Compare("output64.alpha_bar", grid.Points, p => (double)p.Alpha * p.Alpha);
        Compare("output64.alpha_bar_prev", grid.Targets, p => (double)p.Alpha * p.Alpha);

        void Compare(string name, IEnumerable<GridPoint> points, Func<GridPoint, double> level)
        {
            if (file.Has(name))
            {
                found.Relative(name, points.Select(level), file.Numbers(name), Levels);
            }
        }
    }

    /// <summary>Branches and their combination at the recorded latents.</summary>
    private static void EachStep(GoldenFile file, Findings found, StoredScheduler scheduler, StoredGuidance guidance)
    {
        var (x, guided) = (file.Read("output.x"), file.ReadOrNull("output.guided"));
        Tensor?[] outputs = [file.ReadOrNull("output.cond"), file.ReadOrNull("output.uncond")];
        using var network = new TableNetwork(file, scheduler.Type, x.shape[2..]);
        var latents = x.narrow(0, 0, x.size(0) - 1);
        Run(new RecordedSolver(latents, (k, now) => Compare("guided prediction", k, now.Output, guided)), b => guidance.Strategies.Aggregate(b, (all, s) => all.Use(s)));
        Run(new RecordedSolver(latents), b => b.Use(new BranchListener([Branch.Conditional, Branch.Unconditional], (k, branch, output) => Compare("branches", k, output, outputs[branch]))));

        void Compare(string what, int k, Tensor actual, Tensor? expected)
        {
            if (expected is not null)
            {
                found.WithinOfMax(what, $"step {k}", actual, expected[k], TeacherForced);
            }
        }

        void Run(RecordedSolver solver, Func<SamplerBuilder, SamplerBuilder> guide)
        {
            using var condition = Conditioning.None((int)x.size(1));
            using var _ = guide(Sampler.For(network).Solve(solver, solver.Grid)).Build().Generate(new() { Condition = condition, Latents = x[0] });
        }
    }

    private static void FreeRun(GoldenFile file, Findings found, StoredScheduler scheduler, StoredGuidance guidance, CancellationToken cancellation)
    {
        var (x, tolerance) = (file.Read("output.x"), file.Number("recommended_rtol_per_step"));
        var (samples, grid) = ((int)x.size(1), scheduler.Grid);
        var (active, evaluations) = (file.Has("output.active") ? file.Whole("output.active") : null, file.Has("output.evaluations") ? file.Whole("output.evaluations") : null);
        using var network = new TableNetwork(file, scheduler.Type, x.shape[2..]);
        using var condition = Conditioning.None(samples);
        using var start = file.Read("input.sample_unit") * grid.InitialNoiseScale;
        var sampler = guidance.Strategies.Aggregate(Sampler.For(network).Solve(scheduler.Solver, grid, scheduler.Clip), (b, s) => b.Use(s)).Build();
        using var session = sampler.Start(new() { Condition = condition, Latents = start });
        found.WithinOfMax("trajectory", "start", session.Latents, x[0], tolerance);
        for (var k = 0; k < grid.Steps; k++)
        {
            session.Advance(cancellation);
            found.WithinOfMax("trajectory", $"step {k}", session.Latents, x[k + 1], tolerance);
            var counts = network.In(k, samples);
            if (evaluations is not null)
            {
                found.Equal("evaluations", $"step {k}", counts, Enumerable.Repeat(evaluations[k], samples));
            }

            if (active is not null)
            {
                found.Equal("active", $"step {k}", [counts[0] > 1 ? 1L : 0], [active[k]]);
            }
        }

        if (file.NumberOrNull("total_evaluations") is { } total)
        {
            found.Equal("total evaluations", "", [session.Trace.Evaluations], [total]);
        }
    }
}
