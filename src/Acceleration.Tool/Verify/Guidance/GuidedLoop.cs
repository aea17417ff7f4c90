using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>The runs of <see cref="GuidedLoopCheck"/>.</summary>
internal sealed class GuidedLoop(GoldenFile file, Findings found, StoredScheduler scheduler, StoredGuidance guidance)
{
    private const double TeacherForced = 1e-5;
    private readonly Tensor _x = file.Read("output.x");
    private readonly Tensor? _draws = file.ReadOrNull("input.noise");
    private readonly RecordedDraws _drawOf = new(file);
    private TableNetwork? _network;

    private int Samples => (int)_x.size(1);

    /// <summary>Every call at the recorded latents: branches, their combination, and the step. What a solver or a guider remembers comes from these.</summary>
    public void FromRecorded(CancellationToken cancellation)
    {
        Tensor?[] outputs = [file.ReadOrNull("output.cond"), file.ReadOrNull("output.uncond")];
        var guided = file.ReadOrNull("output.guided");
        var guiding = new FollowedSolver(scheduler.Solver, scheduler.Grid, (i, now, update) =>
        {
            Compare("guided prediction", i, now.Output, guided);
            Compare("step from recorded latents", i, After(i, update), _x[1..]);
        }, _x);
        using (var session = Start(guiding, guidance.Strategies, _x[0]))
        {
            session.RunToEnd(cancellation: cancellation);
        }

        var bare = new FollowedSolver(scheduler.Solver, scheduler.Grid, (_, _, _) => { }, _x);
        var listener = new BranchListener([Branch.Conditional, Branch.Unconditional], (step, branch, output) => Compare("branches", bare.NumberOf(step), output, outputs[branch]));
        using (var session = Start(bare, [listener], _x[0]))
        {
            session.RunToEnd(cancellation: cancellation);
        }

        void Compare(string what, int call, Tensor actual, Tensor? expected)
        {
            if (expected is not null)
            {
                found.WithinOfMax(what, $"call {call}", actual, expected[call], TeacherForced);
            }
        }
    }

    /// <summary>The run as a user would make it.</summary>
    public void Freely(CancellationToken cancellation)
    {
        var tolerance = file.Number("recommended_rtol_per_step");
        var (active, evaluations) = (file.Has("output.active") ? file.Whole("output.active") : null, file.Has("output.evaluations") ? file.Whole("output.evaluations") : null);
        var solver = new FollowedSolver(scheduler.Solver, scheduler.Grid, (i, _, update) => found.WithinOfMax("trajectory", $"call {i}", After(i, update), _x[i + 1], tolerance));
        using var start = file.Read("input.sample_unit") * scheduler.Grid.InitialNoiseScale;
        using var session = Start(solver, guidance.Strategies, start);
        found.WithinOfMax("trajectory", "start", session.Latents, _x[0], tolerance);
        session.RunToEnd(cancellation: cancellation);
        found.WithinOfMax("trajectory", "end", session.Latents, _x[-1], tolerance);
        for (var i = 0; i < solver.Count; i++)
        {
            var counts = _network!.In(i, Samples);
            if (evaluations is not null)
            {
                found.Equal("evaluations", $"call {i}", counts, Enumerable.Repeat(evaluations[i], Samples));
            }

            if (active is not null)
            {
                found.Equal("active", $"call {i}", [counts[0] > 1 ? 1L : 0], [active[i]]);
            }
        }

        if (file.NumberOrNull("total_evaluations") is { } total)
        {
            found.Equal("total evaluations", "", [session.Trace.Evaluations], [total]);
        }
    }

    private SamplingSession Start(FollowedSolver solver, IReadOnlyList<IStrategy> strategies, Tensor latents)
    {
        _network = new(file, scheduler.Type, _x.shape[2..], solver.NumberOf);
        using var condition = Conditioning.None(Samples);
        using var noise = new RecordedNoise(_draws);
        var builder = Sampler.For(_network).Solve(solver, scheduler.Grid, scheduler.Clip);
        return strategies.Aggregate(builder, (b, s) => b.Use(s)).Build().Start(new() { Condition = condition, Latents = latents, Noise = noise });
    }

    private Tensor After(int call, SolverUpdate update) =>
        update.NoiseScale is null ? update.Mean : update.Mean + (update.NoiseScale * (_drawOf.At(call) ?? throw file.Wrong($"network call {call} draws noise, and none is recorded for it.")));
}
