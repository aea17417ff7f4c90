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
        (int Step, int Call, int Index)[] calls = [.. SolverStep.Calls(scheduler.Grid, scheduler.Solver)];
        Grid(file, found, scheduler);
        if (file.Shape("output.x")[0] != calls.Length + 1 || file.Shape("output.model_out")[0] != calls.Length)
        {
            throw file.Wrong($"output.x holds {file.Shape("output.x")[0]} latents and output.model_out {file.Shape("output.model_out")[0]} outputs for {calls.Length} network calls; it takes one more latents than calls.");
        }

        var noise = new RecordedDraws(file);
        EachCall(file, found, scheduler, calls, noise, cancellation);
        FreeRun(file, found, scheduler, calls, noise, cancellation);
        NoisingCheck.Run(file, found, scheduler);
    }

    private static void Grid(GoldenFile file, Findings found, StoredScheduler scheduler)
    {
        var grid = scheduler.Grid;
        var points = StoredSigmas.Asked(scheduler);
        if (file.IsWhole("output.timesteps"))
        {
            found.Equal("timesteps", "", points.Select(p => p.Time), file.Numbers("output.timesteps"));
        }
        else
        {
            // Where a time is 0 but for rounding, the last bits of logarithms decide.
            found.Relative("timesteps", points.Select(p => p.Time), file.Numbers("output.timesteps"), Levels, floor: 0.01);
        }

        if (file.Has("output.alphas_cumprod"))
        {
            // On flow levels a scheduler holds a table all the same, and does not use it.
            var table = scheduler.Table ?? StoredTable.Of(file.Config("config")).WithFiniteTerminalSnr();
            found.Relative("alphas_cumprod", table.AlphaBars.Select(a => (double)a), file.Numbers("output.alphas_cumprod"), Levels);
        }

        if (file.Has("output.sigmas"))
        {
            found.Relative("sigmas", StoredSigmas.Of(scheduler, points), file.Numbers("output.sigmas"), Levels);
        }

        if (file.NumberOrNull("init_noise_sigma") is { } scale)
        {
            found.Relative("init_noise_sigma", [grid.InitialNoiseScale], [scale], Levels);
        }
    }

    /// <summary>Each call at the recorded latents; what a solver remembers is what it remembered of the recorded outputs.</summary>
    private static void EachCall(GoldenFile file, Findings found, StoredScheduler s, (int Step, int Call, int Index)[] calls, RecordedDraws noise, CancellationToken cancellation)
    {
        var (x, outputs, inputs, clean) = (file.Read("output.x"), file.Read("output.model_out"), file.ReadOrNull("output.model_in"), file.ReadOrNull("output.pred_x0"));
        var network = new ClosedForm(file);
        var state = SolverState.Start(x[0]);
        foreach (var at in calls)
        {
            cancellation.ThrowIfCancellationRequested();
            var i = at.Index;
            Tensor? seen = null;
            var drew = false;
            var (next, prediction) = SolverStep.Call(s.Grid, s.Solver, at, state with { Latents = x[i] }, Recorded, s.Type, s.Clip, Drawn);
            found.Equal("steps that draw noise", $"call {i}", [drew], [noise.At(i) is not null]);
            found.WithinOfMax("step from recorded latents", $"call {i}", next.Latents, x[i + 1], TeacherForced);
            if (inputs is not null)
            {
                found.WithinOfMax("model input", $"call {i}", seen!, inputs[i], TeacherForced);
            }

            // Where clean samples are clipped, a wrong output need not show in the step.
            found.WithinOfMax("model output", $"call {i}", network.Of(seen!, i), outputs[i], TeacherForced);
            if (clean is not null)
            {
                found.WithinOfMax("predicted clean sample", $"call {i}", StoredClean.Of(s, at, prediction, x[i], noise.At(i)), clean[i], TeacherForced);
            }

            state = next;

            Tensor Recorded(Tensor input, int call)
            {
                seen = input;
                return outputs[call];
            }

            Tensor Drawn(int call)
            {
                drew = true;
                return noise.At(call) ?? zeros_like(x[call]);
            }
        }
    }

    private static void FreeRun(GoldenFile file, Findings found, StoredScheduler s, (int Step, int Call, int Index)[] calls, RecordedDraws noise, CancellationToken cancellation)
    {
        var network = new ClosedForm(file);
        var (expected, tolerance) = (file.Read("output.x"), file.Number("recommended_rtol_per_step"));
        var state = SolverState.Start(file.Read("input.sample_unit") * s.Grid.InitialNoiseScale);
        found.WithinOfMax("trajectory", "start", state.Latents, expected[0], tolerance);
        foreach (var at in calls)
        {
            cancellation.ThrowIfCancellationRequested();
            state = SolverStep.Call(s.Grid, s.Solver, at, state, network.Of, s.Type, s.Clip, i => noise.At(i) ?? zeros_like(expected[i])).State;
            found.WithinOfMax("trajectory", $"call {at.Index}", state.Latents, expected[at.Index + 1], tolerance);
        }
    }
}
