using static TorchSharp.torch;

namespace Acceleration.Tests.Sampling.Schedulers;

/// <summary>How the solvers in ln(α/σ) are related to each other and to simpler ones.</summary>
public sealed class LogSnrPropertyTests
{
    private static NoiseTable Table => NoiseTableTests.StableDiffusionTable;

    [Theory]
    [InlineData(5)]
    [InlineData(20)]
    public void OrderOneIsDdim(int steps)
    {
        using var scope = NewDisposeScope();
        var ddim = Loop.Run(DdimSchedule.Make(Table, steps, TimestepSpacing.Trailing), new Ddim(), Start(), Wavy, PredictionType.Epsilon);
        var grid = MultistepSchedule.Make(Table, steps, TimestepSpacing.Trailing);
        foreach (var solver in (ISolver[])[new DpmSolver(1), new DpmSolver(1) { Algorithm = DpmAlgorithm.Noise }, new Deis(1), new DpmSinglestep(1), new UniPc(1) { Uncorrected = [.. Enumerable.Range(0, steps)] }])
        {
            Loop.Close(ddim, Loop.Run(grid, solver, Start(), Wavy, PredictionType.Epsilon), 5e-6, solver.Name);
        }
    }

    [Fact]
    public void UniPcWithoutItsCorrectorIsDpmSolver()
    {
        using var scope = NewDisposeScope();
        var alone = new UniPc { Uncorrected = [.. Enumerable.Range(0, 9)] };
        foreach (var grid in (Schedule[])[MultistepSchedule.Make(Table, 9), MultistepSchedule.Make(Table, 9, shape: SigmaShape.Karras)])
        {
            Loop.Close(Loop.Run(grid, new DpmSolver(), Start(), Wavy, PredictionType.Epsilon), Loop.Run(grid, alone, Start(), Wavy, PredictionType.Epsilon), 1e-6, grid.Name);
        }
    }

    [Fact]
    public void OrderOneOnAFlowIsFlowEuler()
    {
        using var scope = NewDisposeScope();
        var grid = MultistepSchedule.Flow("flow", FlowSigmas.UniPc(8, FlowShift.Static(3)));
        var euler = Loop.Run(grid, new FlowEuler(), Start(), Wavy, PredictionType.Flow);
        Loop.Close(euler, Loop.Run(grid, new DpmSolver(1), Start(), Wavy, PredictionType.Flow), 2e-6, "DPM-Solver");

        // Solvers in epsilon need some signal at the start.
        var below = MultistepSchedule.Flow("below", FlowSigmas.DpmSolver(8, FlowShift.None));
        Loop.Close(Loop.Run(below, new FlowEuler(), Start(), Wavy, PredictionType.Flow), Loop.Run(below, new Deis(1), Start(), Wavy, PredictionType.Flow), 1e-4, "DEIS");
    }

    [Fact]
    public void ANetworkThatAlwaysPredictsTheSameSampleIsFollowed()
    {
        using var scope = NewDisposeScope();
        var constant = randn([1, 3, 4, 4], generator: new Generator(5));
        Schedule[] grids = [MultistepSchedule.Make(Table, 10), MultistepSchedule.Make(Table, 16, shape: SigmaShape.Karras)];
        var flow = MultistepSchedule.Flow("flow", FlowSigmas.UniPc(7, FlowShift.None));
        foreach (var (solver, clean) in ((ISolver, bool)[])[
            (new DpmSolver(3), true),
            (new DpmSolver { Algorithm = DpmAlgorithm.StochasticPlusPlus }, true),
            (new DpmSinglestep(3), true),
            (new UniPc(3), true),
            (new DpmSolver(3) { Algorithm = DpmAlgorithm.Noise }, false),
            (new Deis(3), false),
            (new UniPc(3) { OfNoise = true }, false)])
        {
            foreach (var grid in clean ? [.. grids, flow] : grids)
            {
                var end = Loop.Run(grid, solver, ones_like(constant), (_, _) => constant, PredictionType.Sample, noise: _ => ones_like(constant));
                Loop.Close(constant, end, 1e-5, $"{solver.Name} on {grid.Name}");
            }
        }
    }

    [Fact]
    public void AResumedRunIsTheTailOfARunThatForgetsThere()
    {
        using var scope = NewDisposeScope();
        foreach (var solver in (ISolver[])[new DpmSolver(3), new DpmSinglestep(3), new UniPc(3) { Uncorrected = [5] }, new Deis(3)])
        {
            var grid = MultistepSchedule.Make(Table, 16);
            var whole = SolverState.Start(Start());
            for (var k = 0; k < grid.Steps; k++)
            {
                whole = Loop.Step(grid, solver, k, k == 4 ? SolverState.Start(whole.Latents) : whole, Wavy, PredictionType.Epsilon, null, null).State;
            }

            var state = SolverState.Start(Start());
            for (var k = 0; k < 4; k++)
            {
                state = Loop.Step(grid, solver, k, state, Wavy, PredictionType.Epsilon, null, null).State;
            }

            Assert.Equal(Numbers(whole.Latents), Numbers(Loop.Run(grid.From(4), solver, state.Latents, (x, k) => Wavy(x, k + 4), PredictionType.Epsilon)));
        }
    }

    [Fact]
    public void AHistoryOfAnotherLengthIsKept()
    {
        using var scope = NewDisposeScope();
        var grid = MultistepSchedule.Make(Table, 9);
        foreach (var (solver, kept) in ((ISolver, int)[])[(new DpmSolver(1), 0), (new DpmSolver(), 1), (new DpmSolver(3), 2), (new Deis(3), 2), (new UniPc(3), 6), (new DpmSinglestep(3), 4), (new DpmSinglestep(1), 0)])
        {
            var state = SolverState.Start(Start());
            for (var k = 0; k < 6; k++)
            {
                state = Loop.Step(grid, solver, k, state, Wavy, PredictionType.Epsilon, null, null).State;
                Assert.InRange(state.History.Length, 0, kept);
            }

            Assert.Equal(kept, state.History.Length);
        }
    }

    private static Tensor Start() => tensor([1f, -0.5f, 0.25f, 2f]).reshape(1, 1, 2, 2);

    private static Tensor Wavy(Tensor x, int step) => (x * (0.6f + (0.05f * (step % 3)))) + (x.sin() * 0.2f);

    private static IEnumerable<double> Numbers(Tensor x) => x.to_type(ScalarType.Float64).data<double>().ToArray();
}
