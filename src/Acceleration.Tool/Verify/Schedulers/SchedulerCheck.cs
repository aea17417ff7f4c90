using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>A recorded run of a scheduler on a closed-form network: grid, each step from recorded latents, the whole trajectory, and noising.</summary>
internal sealed class SchedulerCheck : ICheck
{
    private const double TeacherForced = 1e-5;
    private const double Levels = 1e-5;

    public string Kind => "schedulers";

    public string Knows => $"{StoredScheduler.Known}";

    public bool Fits(GoldenFile file) => file.TextOrNull("num_inference_steps") is not null && StoredScheduler.Knows(file.TextOrNull("scheduler_class"));

    public void Run(GoldenFile file, Findings found, CancellationToken cancellation)
    {
        var scheduler = StoredScheduler.Of(
            file.Text("scheduler_class"), file.Config("config"), file.Config("set_timesteps_kwargs"), file.Config("step_kwargs"), file.Count("num_inference_steps"));
        Grid(file, found, scheduler);
        if (file.Shape("output.x")[0] != scheduler.Grid.Steps + 1 || file.Shape("output.model_out")[0] != scheduler.Grid.Steps)
        {
            throw file.Wrong($"output.x holds {file.Shape("output.x")[0]} latents and output.model_out {file.Shape("output.model_out")[0]} outputs for {scheduler.Grid.Steps} steps; it takes one more latents than steps.");
        }

        var noise = new RecordedDraws(file);
        EachStep(file, found, scheduler, noise, cancellation);
        FreeRun(file, found, scheduler, noise, cancellation);
        NoisingCheck.Run(file, found, scheduler);
    }

    private static void Grid(GoldenFile file, Findings found, StoredScheduler scheduler)
    {
        var (grid, times) = (scheduler.Grid, scheduler.Grid.Points.Select(p => p.Time));
        if (scheduler.Table is { } table)
        {
            found.Equal("timesteps", "", times, file.Numbers("output.timesteps"));
            found.Relative("alphas_cumprod", table.AlphaBars.Select(a => (double)a), file.Numbers("output.alphas_cumprod"), Levels);
        }
        else
        {
            found.Relative("timesteps", times, file.Numbers("output.timesteps"), Levels);
            found.Relative("sigmas", grid.Points.Append(grid.Targets[^1]).Select(p => (double)p.Sigma), file.Numbers("output.sigmas"), Levels);
        }

        if (file.NumberOrNull("init_noise_sigma") is { } scale)
        {
            found.Relative("init_noise_sigma", [grid.InitialNoiseScale], [scale], Levels);
        }
    }

    private static void EachStep(GoldenFile file, Findings found, StoredScheduler s, RecordedDraws noise, CancellationToken cancellation)
    {
        var (x, outputs, inputs, clean) = (file.Read("output.x"), file.Read("output.model_out"), file.ReadOrNull("output.model_in"), file.ReadOrNull("output.pred_x0"));
        var (a, b) = (file.Numbers("table.a"), file.Numbers("table.b"));
        for (var k = 0; k < s.Grid.Steps; k++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var inner = NewDisposeScope();
            var start = SolverState.Start(x[k]);
            var draws = s.Solver.Step(start, s.Grid, k, 0, new Prediction(outputs[k], s.Type, x[k], s.Grid.Points[k], s.Clip)).NoiseScale is not null;
            found.Equal("steps that draw noise", $"step {k}", [draws], [noise.At(k) is not null]);
            if (draws && noise.At(k) is null)
            {
                continue;
            }

            Tensor? seen = null;
            Tensor Recorded(Tensor input, int step)
            {
                seen = input;
                return outputs[step];
            }

            var (state, prediction) = SolverStep.Take(s.Grid, s.Solver, k, start, Recorded, s.Type, s.Clip, noise.At);
            found.WithinOfMax("step from recorded latents", $"step {k}", state.Latents, x[k + 1], TeacherForced);
            if (inputs is not null)
            {
                found.WithinOfMax("model input", $"step {k}", seen!, inputs[k], TeacherForced);
            }

            // Where clean samples are clipped, a wrong output need not show in the step.
            found.WithinOfMax("model output", $"step {k}", ClosedForm(seen!, a[k], b[k]), outputs[k], TeacherForced);

            if (clean is not null)
            {
                found.WithinOfMax("predicted clean sample", $"step {k}", prediction.X0, clean[k], TeacherForced);
            }
        }
    }

    private static void FreeRun(GoldenFile file, Findings found, StoredScheduler s, RecordedDraws noise, CancellationToken cancellation)
    {
        var (a, b) = (file.Numbers("table.a"), file.Numbers("table.b"));
        var (expected, tolerance) = (file.Read("output.x"), file.Number("recommended_rtol_per_step"));
        var state = SolverState.Start(file.Read("input.sample_unit") * s.Grid.InitialNoiseScale);
        found.WithinOfMax("trajectory", "start", state.Latents, expected[0], tolerance);
        for (var k = 0; k < s.Grid.Steps; k++)
        {
            cancellation.ThrowIfCancellationRequested();
            state = SolverStep.Take(s.Grid, s.Solver, k, state, (x, step) => ClosedForm(x, a[step], b[step]), s.Type, s.Clip, noise.At).State;
            found.WithinOfMax("trajectory", $"step {k}", state.Latents, expected[k + 1], tolerance);
        }
    }

    private static Tensor ClosedForm(Tensor x, double a, double b) => (x * (float)a) + (x.sin() * (float)b);
}
