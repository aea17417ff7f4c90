using static TorchSharp.torch;

namespace Acceleration.Tests.Sampling.Schedulers;

public sealed class SolverTests
{
    private static NoiseTable Table => NoiseTableTests.StableDiffusionTable;

    [Fact]
    public void DdimGoldenValuesHold()
    {
        using var scope = NewDisposeScope();
        Golden([1.515967, -1.214942, 0.150512, 3.336573], DdimSchedule.Make(Table, 5, TimestepSpacing.Leading, 1, setAlphaToOne: false));
        Golden([1.491443, -1.200575, 0.145434, 3.286121], DdimSchedule.Make(Table, 5, TimestepSpacing.Leading, 1));
        Golden([2.765675, -2.326010, 0.219832, 6.160130], DdimSchedule.Make(Table, 5, TimestepSpacing.Trailing));
        Golden([2.515474, -2.018150, 0.248662, 5.537889], DdimSchedule.Make(Table, 5, TimestepSpacing.Linspace));
        Golden(
            [0.192727, -0.244851, -0.026062, 0.484445],
            DdimSchedule.Make(NoiseTableTests.StableDiffusion(zeroTerminalSnr: true), 5, TimestepSpacing.Trailing),
            PredictionType.Velocity);
        Golden(
            [0.825335, -0.722920, 0.312532, 0.965307], DdimSchedule.Make(NoiseTable.Make(BetaSchedule.Linear), 5), clip: new SampleClip());

        static void Golden(double[] expected, Schedule grid, PredictionType type = PredictionType.Epsilon, SampleClip? clip = null) =>
            Near.All(expected, Numbers(Loop.Run(grid, new Ddim(), Unit(), Affine, type, clip)), 2e-5);
    }

    [Fact]
    public void FlowEulerGoldenValuesHold()
    {
        using var scope = NewDisposeScope();
        double[] quarters = [1, 0.75, 0.5, 0.25];
        Golden([0.494514, -0.373628, 0.060443, 1.073275], FlowSchedule.Make(4));
        Golden([0.480782, -0.370195, 0.055293, 1.048100], FlowSchedule.Make(4, FlowShift.Static(3)));
        Golden([0.490891, -0.372723, 0.059084, 1.066633], FlowSchedule.FromSigmas(quarters, FlowShift.Dynamic(1.15)));

        static void Golden(double[] expected, Schedule grid) =>
            Near.All(expected, Numbers(Loop.Run(grid, new FlowEuler(), Unit(), Affine, PredictionType.Flow)), 2e-5);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.5)]
    [InlineData(1.0)]
    public void ANetworkThatAlwaysPredictsTheSameSampleIsFollowedExactly(double eta)
    {
        using var scope = NewDisposeScope();
        var constant = randn([1, 3, 4, 4], generator: new Generator(5));
        foreach (var grid in (Schedule[])[DdimSchedule.Make(Table, 10), DdimSchedule.Make(Table, 7, TimestepSpacing.Trailing, strict: true)])
        {
            var end = Loop.Run(
                grid, new Ddim { Eta = eta }, ones_like(constant), (_, _) => constant, PredictionType.Sample, noise: _ => ones_like(constant));
            Assert.Equal(Numbers(constant), Numbers(end));
        }
    }

    [Fact]
    public void AConstantVelocityEndsAtItsCleanSampleOnAnyGrid()
    {
        using var scope = NewDisposeScope();
        var generator = new Generator(6);
        var (z, v) = (randn([1, 3, 4, 4], generator: generator), randn([1, 3, 4, 4], generator: generator));
        foreach (var grid in (Schedule[])[
            FlowSchedule.FromSigmas([1]),
            FlowSchedule.FromSigmas([1, 0.9, 0.2]),
            FlowSchedule.Make(25, FlowShift.Static(3)),
            FlowSchedule.Make(8, FlowShift.Dynamic(1.15), shiftTerminal: 0.1, shape: SigmaShape.Karras)])
        {
            Loop.Close(z - v, Loop.Run(grid, new FlowEuler(), z, (_, _) => v, PredictionType.Flow), 1e-6, grid.Name);
            Loop.Close(z - v, Loop.Run(grid, new Ddim(), z, (_, _) => v, PredictionType.Flow), 1e-6, "DDIM on a flow");
        }
    }

    [Fact]
    public void ResumingAtAStepEqualsTheTailOfTheWholeRun()
    {
        using var scope = NewDisposeScope();
        foreach (var (grid, solver, type) in ((Schedule, ISolver, PredictionType)[])[
            (DdimSchedule.Make(Table, 9, TimestepSpacing.Linspace), new Ddim(), PredictionType.Epsilon),
            (DdimSchedule.Make(Table, 9), new Ddim { Eta = 0.7 }, PredictionType.Velocity),
            (FlowSchedule.Make(9, FlowShift.Static(3)), new FlowEuler(), PredictionType.Flow),
            (FlowSchedule.Make(9), new FlowEuler { Stochastic = true }, PredictionType.Flow)])
        {
            Tensor Noise(int step) => full_like(Unit(), 0.25);
            var whole = Loop.Run(grid, solver, Unit(), Affine, type, noise: Noise);
            var state = SolverState.Start(Unit());
            for (var k = 0; k < 4; k++)
            {
                state = Loop.Step(grid, solver, k, state, Affine, type, null, Noise).State;
            }

            Assert.Equal(Numbers(whole), Numbers(Loop.Run(grid.From(4), solver, state.Latents, Affine, type, noise: Noise)));
        }
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float64)]
    public void LatentsKeepTheirType(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var x = Unit().to_type(dtype);
        var steps = new[]
        {
            Only(DdimSchedule.Make(Table, 5), new Ddim { Eta = 0.5 }, PredictionType.Epsilon),
            Only(FlowSchedule.Make(5), new FlowEuler { Stochastic = true }, PredictionType.Flow),
            Only(FlowSchedule.Make(5), new FlowEuler(), PredictionType.Flow),
        };
        Assert.All(steps, update => Assert.Equal(dtype, (update.Mean + (update.NoiseScale ?? 0)).dtype));

        SolverUpdate Only(Schedule grid, ISolver solver, PredictionType type) =>
            solver.Step(SolverState.Start(x), grid, 0, 0, new Prediction(x * 0.5f, type, x, grid.Points[0]));
    }

    [Fact]
    public void HalfPrecisionFlowStepsAreComputedInFloat32()
    {
        using var scope = NewDisposeScope();
        var grid = FlowSchedule.Make(50);
        var generator = new Generator(8);
        var x = randn([1, 4, 16, 16], generator: generator).to_type(ScalarType.BFloat16);
        var v = randn([1, 4, 16, 16], generator: generator).to_type(ScalarType.BFloat16);

        var mean = new FlowEuler().Step(SolverState.Start(x), grid, 7, 0, new Prediction(v, PredictionType.Flow, x, grid.Points[7])).Mean;

        var wide = x.to_type(ScalarType.Float32) + (v.to_type(ScalarType.Float32) * (grid.Targets[7].Sigma - grid.Points[7].Sigma));
        Assert.Equal(Numbers(wide.to_type(ScalarType.BFloat16)), Numbers(mean));
    }

    [Fact]
    public void AStepLeavesNothingBehindButItsResultsAndConversions()
    {
        using var scope = NewDisposeScope();
        var (x, output) = (Unit(), Unit() * 0.5f);
        var grid = DdimSchedule.Make(Table, 5);
        var prediction = new Prediction(output, PredictionType.Epsilon, x, grid.Points[0]);
        var kept = (prediction.X0, prediction.Epsilon);
        var before = Tensor.TotalCount;

        var update = new Ddim { Eta = 1 }.Step(SolverState.Start(x), grid, 0, 0, prediction);

        Assert.Equal(before + 2, Tensor.TotalCount);
        Assert.Same(kept.X0, prediction.X0);
        Assert.False(update.Mean.IsInvalid || update.NoiseScale!.IsInvalid || kept.Epsilon.IsInvalid);
    }

    [Fact]
    public void BadArgumentsAreRefused()
    {
        using var scope = NewDisposeScope();
        foreach (var eta in (double[])[-0.1, 1.1, double.NaN])
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => new Ddim { Eta = eta });
        }

        var x = Unit();
        var (vp, flow) = (DdimSchedule.Make(Table, 5), FlowSchedule.Make(5));
        var zeroSnr = DdimSchedule.Make(NoiseTableTests.StableDiffusion(zeroTerminalSnr: true), 5, TimestepSpacing.Trailing);
        Assert.Contains("flow", Assert.Throws<ArgumentException>(() => One(new FlowEuler(), vp, PredictionType.Flow)).Message);
        Assert.Contains("alpha is 0", Assert.Throws<ArgumentException>(() => One(new Ddim(), zeroSnr, PredictionType.Epsilon)).Message);
        var clean = new Schedule("clean", [new(0, 1, 0)], [new(0, 1, 0)]);
        Assert.Contains("step 0", Assert.Throws<ArgumentException>(() => One(new Ddim { Eta = 1 }, clean, PredictionType.Velocity)).Message);
        Assert.NotNull(One(new Ddim(), clean, PredictionType.Velocity).Mean);

        SolverUpdate One(ISolver solver, Schedule grid, PredictionType type) =>
            solver.Step(SolverState.Start(x), grid, 0, 0, new Prediction(x, type, x, grid.Points[0]));
    }

    private static Tensor Unit() => tensor([1f, -0.5f, 0.25f, 2f]).reshape(1, 1, 2, 2);

    private static Tensor Affine(Tensor x, int step) => (x * 0.5f) + 0.1f;

    private static IEnumerable<double> Numbers(Tensor x) => x.to_type(ScalarType.Float64).data<double>().ToArray();
}
