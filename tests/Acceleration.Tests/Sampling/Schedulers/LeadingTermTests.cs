using TorchSharp;
using static TorchSharp.torch;

namespace Acceleration.Tests.Sampling.Schedulers;

/// <summary>x0 and ε from different guidance, so that x is not α·x0 + σ·ε of them.</summary>
public sealed class LeadingTermTests
{
    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    public void FlowEulerGoesToTheCleanSampleOfOneAndTheNoiseOfTheOther(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var grid = FlowSchedule.Make(5, FlowShift.Static(3));
        var now = Now(grid, PredictionType.Flow, dtype);
        var (x0, epsilon) = (now.LeadingX0, now.LeadingEpsilon);
        var sigma = grid.Targets[1].Sigma;

        var mean = new FlowEuler().Step(SolverState.Start(now.X), grid, 1, 0, now).Mean;
        var anew = new FlowEuler { Stochastic = true }.Step(SolverState.Start(now.X), grid, 1, 0, now).Mean;

        Assert.Equal(dtype, mean.dtype);
        var tolerance = dtype == ScalarType.Float32 ? 1e-6 : 1e-2;
        Loop.Close((x0 * (1 - sigma)) + (epsilon * sigma), mean, tolerance, "both");
        Loop.Close(x0 * (1 - sigma), anew, tolerance, "noised anew");
        Assert.True((mean - (now.X + ((epsilon - x0) * (sigma - grid.Points[1].Sigma)))).abs().max().ToDouble() > 0.1, "the pair lies on a line with x: the test says nothing");
    }

    [Fact]
    public void SolversInSigmaSpaceGoToTheCleanSampleOfOneAndTheNoiseOfTheOther()
    {
        using var scope = NewDisposeScope();
        var grid = SigmaSolverTests.Grid(new SigmaGrid(5));
        var now = Now(grid, PredictionType.Velocity);
        var (x0, epsilon, sigma) = (now.LeadingX0, now.LeadingEpsilon, grid.Targets[1].Sigma);
        var down = sigma * sigma / grid.Points[1].Sigma;

        Loop.Close(x0 + (epsilon * sigma), Mean(new Euler(), grid, now), 1e-6, "Euler");
        Loop.Close(x0 + (epsilon * sigma), Mean(new EdmEuler(), grid, now), 1e-6, "EDM Euler");
        Loop.Close(x0 + (epsilon * down), Mean(new EulerAncestral(), grid, now), 1e-5, "Euler ancestral");
        Assert.All((ISolver[])[new Euler(), new EdmEuler(), new EulerAncestral(), new FlowEuler()], s => Assert.True(s.TakesCleanAndNoiseApart));
        Assert.All((ISolver[])[new Euler { Churn = new(1) }, new EdmEuler { Churn = new(1) }, new FlowEuler { Stochastic = true }, new Heun(), new Kdpm2(), new Lms()], s => Assert.False(s.TakesCleanAndNoiseApart));
    }

    /// <summary>A hook that changes the leading term keeps x between x0 and ε: along its slope every solver goes as along one that the network predicted.</summary>
    [Fact]
    public void AChangedSlopeIsFollowedByAllAndRememberedByNone()
    {
        using var scope = NewDisposeScope();
        var sigmas = SigmaSolverTests.Grid(new SigmaGrid(5));
        var flow = FlowSchedule.Make(5);
        foreach (var (solver, grid, type) in ((ISolver, Schedule, PredictionType)[])[
            (new Euler(), sigmas, PredictionType.Epsilon), (new Euler { Churn = new(2) }, sigmas, PredictionType.Epsilon), (new EulerAncestral(), sigmas, PredictionType.Epsilon), (new Heun(), sigmas, PredictionType.Epsilon),
            (new Kdpm2(), sigmas, PredictionType.Epsilon), (new Lms(), sigmas, PredictionType.Epsilon), (new FlowEuler(), flow, PredictionType.Flow), (new FlowHeun(), flow, PredictionType.Flow)])
        {
            var (raw, changed) = (Now(grid, type), Now(grid, type, seed: 22));
            var at = grid.Points[1];
            var (x, output) = (raw.X, changed.Output);
            var now = new Prediction(raw.Output, type, x, at).WithLeading(Conversions.X0(output, type, x, at), Conversions.Epsilon(output, type, x, at));

            var update = solver.Step(SolverState.Start(x), grid, 1, 0, now);
            Loop.Close(solver.Step(SolverState.Start(x), grid, 1, 0, new Prediction(output, type, x, at)).Mean, update.Mean, 1e-5, solver.Name);
            if (solver is Lms)
            {
                Loop.Close(raw.Output, update.Next.History[0], 1e-5, "history");
            }
        }
    }

    [Fact]
    public void LmsChangesItsFirstOrderTermAlone()
    {
        using var scope = NewDisposeScope();
        var grid = SigmaSolverTests.Grid(new SigmaGrid(5));
        var (older, raw, other) = (Now(grid, PredictionType.Epsilon, seed: 5).Output, Now(grid, PredictionType.Epsilon), Now(grid, PredictionType.Epsilon, seed: 22).Output);
        var plain = new Prediction(raw.Output, PredictionType.Epsilon, raw.X, grid.Points[1]);
        var state = new SolverState(raw.X, [older]);

        var changed = new Lms().Step(state, grid, 1, 0, plain.WithLeading(raw.X - (other * grid.Points[1].Sigma), other)).Mean;

        var width = grid.Targets[1].Sigma - grid.Points[1].Sigma;
        Loop.Close(new Lms().Step(state, grid, 1, 0, plain).Mean + ((other - raw.Output) * width), changed, 1e-5, "LMS");
    }

    private static Tensor Mean(ISolver solver, Schedule grid, Prediction now) => solver.Step(SolverState.Start(now.X), grid, 1, 0, now).Mean;

    private static Prediction Now(Schedule grid, PredictionType type, ScalarType dtype = ScalarType.Float32, ulong seed = 21)
    {
        var generator = new Generator(seed);
        Tensor Any() => randn([2, 3, 4, 4], generator: generator).to_type(dtype);
        return new Prediction(Any(), type, Any(), grid.Points[1]).WithLeading(Any(), Any());
    }
}
