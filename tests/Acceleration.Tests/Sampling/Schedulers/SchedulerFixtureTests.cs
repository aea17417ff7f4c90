using static TorchSharp.torch;

namespace Acceleration.Tests.Sampling.Schedulers;

/// <summary>Whole runs of the reference schedulers, configured from each recording's own metadata.</summary>
public sealed class SchedulerFixtureTests
{
    private const double TeacherForced = 1e-5;

    public static TheoryData<string> Ddim { get; } =
    [
        "ddim_clip_usemodel_eta1", "ddim_leading_eta0", "ddim_leading_eta05", "ddim_linspace_clip", "ddim_sample_cosine",
        "ddim_thresholding", "ddim_trailing_eta0", "ddim_vpred_zsnr_trailing",
    ];

    public static TheoryData<string> Flow { get; } =
    [
        "flow_euler_dynamic_exponential", "flow_euler_dynamic_linear", "flow_euler_karras", "flow_euler_shift1", "flow_euler_shift3",
        "flow_euler_shift_terminal", "flow_euler_stochastic",
    ];

    [Theory]
    [MemberData(nameof(Ddim))]
    [MemberData(nameof(Flow))]
    public void EachStepFromRecordedLatentsArrivesAtTheNextOnes(string name)
    {
        using var scope = NewDisposeScope();
        using var fixture = SchedulerFixture.Open(name);
        var (grid, solver, type, clip, _) = ReferenceScheduler.Of(fixture);
        var (x, outputs) = (fixture.Read("output.x"), fixture.Read("output.model_out"));
        Assert.Equal(x.shape[0] - 1, grid.Steps);

        for (var k = 0; k < grid.Steps; k++)
        {
            Assert.Equal(fixture.Noise(k) is not null, Draws(solver, grid, k, x[k], outputs[k], type, clip));
            var (state, prediction) = Loop.Step(
                grid, solver, k, SolverState.Start(x[k]), (_, _) => outputs[k], type, clip, step => fixture.Noise(step)!);
            Loop.Close(x[k + 1], state.Latents, TeacherForced, $"{name}, step {k}");
            if (fixture.Has("output.pred_x0"))
            {
                Loop.Close(fixture.Read("output.pred_x0")[k], prediction.X0, TeacherForced, $"{name}, x0 of step {k}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Ddim))]
    [MemberData(nameof(Flow))]
    public void AFreeRunStaysOnTheRecordedTrajectory(string name)
    {
        using var scope = NewDisposeScope();
        using var fixture = SchedulerFixture.Open(name);
        var (grid, solver, type, clip, _) = ReferenceScheduler.Of(fixture);
        var (a, b) = (fixture.Numbers("table.a"), fixture.Numbers("table.b"));
        var expected = fixture.Read("output.x");
        var state = SolverState.Start(fixture.Read("input.sample_unit") * grid.InitialNoiseScale);

        for (var k = 0; k < grid.Steps; k++)
        {
            Tensor Network(Tensor x, int step) => (x * (float)a[step]) + (x.sin() * (float)b[step]);
            state = Loop.Step(grid, solver, k, state, Network, type, clip, step => fixture.Noise(step)!).State;
            Loop.Close(expected[k + 1], state.Latents, fixture.Tolerance, $"{name}, step {k}");
        }
    }

    [Theory]
    [MemberData(nameof(Ddim))]
    public void TheDdimGridIsTheRecordedOne(string name)
    {
        using var fixture = SchedulerFixture.Open(name);
        var scheduler = ReferenceScheduler.Of(fixture);

        Assert.Equal(fixture.Numbers("output.timesteps"), scheduler.Grid.Points.Select(p => p.Time));
        Near.All(fixture.Numbers("output.alphas_cumprod"), scheduler.Table!.AlphaBars.Select(a => (double)a));
    }

    [Theory]
    [MemberData(nameof(Flow))]
    public void TheFlowGridIsTheRecordedOne(string name)
    {
        using var fixture = SchedulerFixture.Open(name);
        var grid = ReferenceScheduler.Of(fixture).Grid;

        Near.All(fixture.Numbers("output.timesteps"), grid.Points.Select(p => p.Time));
        Near.All(fixture.Numbers("output.sigmas"), grid.Points.Append(grid.Targets[^1]).Select(p => (double)p.Sigma));
    }

    [Theory]
    [MemberData(nameof(Ddim))]
    [MemberData(nameof(Flow))]
    public void CleanSamplesAreNoisedAsRecorded(string name)
    {
        using var scope = NewDisposeScope();
        using var fixture = SchedulerFixture.Open(name);
        var scheduler = ReferenceScheduler.Of(fixture);
        var (clean, noise) = (fixture.Read("input.add_noise.x0"), fixture.Read("input.add_noise.noise"));
        var times = fixture.Numbers("input.add_noise.timesteps");

        for (var row = 0; row < times.Length; row++)
        {
            var at = scheduler.Table?.At((long)times[row]) ?? scheduler.Grid.Points.MinBy(p => Math.Abs(p.Time - times[row]));
            var noised = Stage.AddNoise(clean[row], noise[row], at);
            Loop.Close(fixture.Read("output.add_noise")[row], noised, TeacherForced, $"{name}, row {row}");
            if (fixture.Has("output.velocity"))
            {
                var v = fixture.Read("output.velocity")[row];
                Loop.Close(clean[row], Conversions.X0(v, PredictionType.Velocity, noised, at), TeacherForced, $"{name}, x0 of velocity {row}");
                Loop.Close(noise[row], Conversions.Epsilon(v, PredictionType.Velocity, noised, at), TeacherForced, $"{name}, epsilon of velocity {row}");
            }
        }
    }

    private static bool Draws(ISolver solver, Schedule grid, int k, Tensor x, Tensor output, PredictionType type, SampleClip? clip) =>
        solver.Step(SolverState.Start(x), grid, k, 0, new Prediction(output, type, x, grid.Points[k], clip)).NoiseScale is not null;
}
