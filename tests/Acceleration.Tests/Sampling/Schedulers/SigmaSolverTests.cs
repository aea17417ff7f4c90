using static TorchSharp.torch;

namespace Acceleration.Tests.Sampling.Schedulers;

/// <summary>Solvers in sigma space on a network m = 0.5·input + 0.1, and what holds for them whatever the network.</summary>
public sealed class SigmaSolverTests
{
    private const double Golden = 2e-5;

    private static NoiseTable Table => NoiseTableTests.StableDiffusionTable;

    public static TheoryData<ISolver> Solvers => [new Euler(), new Euler { Churn = new(3) }, new EulerAncestral(), new Heun(), new Kdpm2(), new Kdpm2 { Ancestral = true }, new Lms { Order = 1 }, new EdmEuler(), new EdmHeun { Churn = new(3) }];

    [Fact]
    public void EulerGoldenValuesHold()
    {
        using var scope = NewDisposeScope();
        Ends([1.491443, -1.200575, 0.145434, 3.286122], new Euler(), new SigmaGrid(5) { Spacing = TimestepSpacing.Leading, Offset = 1 });
        Ends([2.916209, -2.466090, 0.225059, 6.504407], new Euler(), new SigmaGrid(5));
        Ends([3.040294, -2.578075, 0.231110, 6.785875], new Euler(), new SigmaGrid(5) { Shape = SigmaShape.Karras });
        Ends([3.284660, -2.792064, 0.246297, 7.335809], new Euler(), new SigmaGrid(5) { Shape = SigmaShape.Exponential });
        Ends([3.121099, -2.688155, 0.216471, 6.993934], new Euler(), new SigmaGrid(5) { Shape = SigmaShape.Beta });
        Ends([0.188875, -0.239385, -0.025255, 0.474381], new Euler(), new SigmaGrid(5), PredictionType.Velocity);
        Ends([2.012163, -1.206877, 0.402643, 4.158191], new EulerAncestral(), new SigmaGrid(5));
    }

    [Fact]
    public void HeunLmsAndEdmGoldenValuesHold()
    {
        using var scope = NewDisposeScope();
        Ends([-0.986224, 1.112023, 0.062899, -2.385055], new Heun(), new SigmaGrid(3));
        Ends([1.238374, -0.886362, 0.176006, 2.654863], new Heun(), new SigmaGrid(4) { Shape = SigmaShape.Karras });
        Ends([2.728113, -2.284714, 0.221699, 6.069999], new Lms(), new SigmaGrid(5));
        Ends([0.633449, -0.205695, 0.213877, 1.192879], new EdmEuler(), new EdmGrid(5) { UnitAdded = true }, PredictionType.Preconditioned);
    }

    [Fact]
    public void FlowHeunGoldenValuesHold()
    {
        using var scope = NewDisposeScope();
        Ends([0.536298, -0.384075, 0.076112, 1.149879], new FlowHeun(), new FlowGrid(3, 3) { ToSmallest = true }, PredictionType.Flow);
    }

    [Theory]
    [InlineData(PredictionType.Epsilon)]
    [InlineData(PredictionType.Velocity)]
    [InlineData(PredictionType.Sample)]
    public void EulerIsDdimInAnotherScale(PredictionType type)
    {
        using var scope = NewDisposeScope();
        var euler = Grid(new SigmaGrid(10) { Spacing = TimestepSpacing.Leading, Offset = 1 });
        var ddim = Grid(new DdimGrid(10) { Spacing = TimestepSpacing.Leading, Offset = 1 });

        Loop.Close(Loop.Run(ddim, new Ddim(), Unit(), Affine, type), Loop.Run(euler, new Euler(), Unit() * euler.InitialNoiseScale, Affine, type), 1e-6, $"{type}");
    }

    [Fact]
    public void EulerAncestralIsDdimThatDrawsItsWholeShare()
    {
        using var scope = NewDisposeScope();
        var euler = Grid(new SigmaGrid(10) { Spacing = TimestepSpacing.Leading, Offset = 1 });
        var ddim = Grid(new DdimGrid(10) { Spacing = TimestepSpacing.Leading, Offset = 1 });

        var expected = Loop.Run(ddim, new Ddim { Eta = 1 }, Unit(), Affine, PredictionType.Epsilon, noise: Quarter);
        Loop.Close(expected, Loop.Run(euler, new EulerAncestral(), Unit() * euler.InitialNoiseScale, Affine, PredictionType.Epsilon, noise: Quarter), 1e-5, "eta 1");
    }

    [Fact]
    public void AConstantVelocityEndsAtItsCleanSample()
    {
        using var scope = NewDisposeScope();
        var generator = new Generator(6);
        var (z, v) = (randn([1, 3, 4, 4], generator: generator), randn([1, 3, 4, 4], generator: generator));
        foreach (var grid in (Schedule[])[FlowSchedule.FromSigmas([1]), FlowSchedule.FromSigmas([1, 0.9, 0.2]), FlowSchedule.Make(25, FlowShift.Static(3))])
        {
            Loop.Close(z - v, Loop.Run(grid, new FlowHeun(), z, (_, _) => v, PredictionType.Flow), 1e-6, grid.Name);
        }
    }

    [Fact]
    public void AConstantSlopeIsFollowedExactly()
    {
        using var scope = NewDisposeScope();
        var (z, slope) = (randn([1, 3, 4, 4], generator: new Generator(1)), randn([1, 3, 4, 4], generator: new Generator(2)));
        var grid = Grid(new SigmaGrid(7) { Shape = SigmaShape.Karras });
        foreach (var solver in (ISolver[])[new Euler(), new Heun(), new Kdpm2(), new Lms(), new Lms { Order = 2 }, new EdmEuler(), new EdmHeun()])
        {
            Loop.Close(z - (slope * grid.Points[0].Sigma), Loop.Run(grid, solver, z, (_, _) => slope, PredictionType.Epsilon), 1e-5, solver.Name);
        }
    }

    [Theory]
    [MemberData(nameof(Solvers))]
    public void ResumingAtAStepEqualsTheTailOfTheWholeRun(ISolver solver)
    {
        using var scope = NewDisposeScope();
        var isEdm = solver is EdmEuler or EdmHeun;
        var (grid, type) = (Grid(isEdm ? new EdmGrid(9) : new SigmaGrid(9)), isEdm ? PredictionType.Preconditioned : PredictionType.Velocity);
        var state = SolverState.Start(Unit() * grid.InitialNoiseScale);
        var whole = Loop.Run(grid, solver, state.Latents, Affine, type, noise: Quarter);
        for (var k = 0; k < 4; k++)
        {
            state = Loop.Step(grid, solver, k, state, Affine, type, null, Quarter).State;
        }

        Assert.Empty(state.History);
        Assert.Equal(Numbers(whole), Numbers(Loop.Run(grid.From(4), solver, state.Latents, Affine, type, noise: Quarter)));
    }

    [Fact]
    public void LmsBeginsAnewWhereItResumes()
    {
        using var scope = NewDisposeScope();
        var grid = Grid(new SigmaGrid(9));
        var state = SolverState.Start(Unit() * grid.InitialNoiseScale);
        for (var k = 0; k < 5; k++)
        {
            state = Loop.Step(grid, new Lms(), k, state, Affine, PredictionType.Epsilon, null, null).State;
        }

        Assert.Equal(3, state.History.Length);
        var resumed = Loop.Step(grid.From(5), new Lms(), 0, SolverState.Start(state.Latents), Affine, PredictionType.Epsilon, null, null).State;
        var first = Loop.Step(grid, new Lms { Order = 1 }, 5, SolverState.Start(state.Latents), Affine, PredictionType.Epsilon, null, null).State;
        Assert.Equal(Numbers(first.Latents), Numbers(resumed.Latents));
        Assert.NotEqual(Numbers(first.Latents), Numbers(Loop.Step(grid, new Lms(), 5, state, Affine, PredictionType.Epsilon, null, null).State.Latents));
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float64)]
    public void LatentsKeepTheirType(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        foreach (var solver in Solvers.Select(s => s.Data).Append(new FlowHeun { Churn = new(3) }).Append(new Lms()))
        {
            var grid = Grid(solver is FlowHeun ? new FlowGrid(3) : solver is EdmEuler or EdmHeun ? new EdmGrid(3) : new SigmaGrid(3));
            var type = solver is FlowHeun ? PredictionType.Flow : PredictionType.Velocity;
            var end = Loop.Run(grid, solver, Unit().to_type(dtype), (x, _) => x * 0.5f, type, noise: _ => (Unit() * 0.1f).to_type(dtype));
            Assert.Equal((dtype, solver), (end.dtype, solver));
        }
    }

    [Fact]
    public void HalfPrecisionStepsAreComputedInFloat32()
    {
        using var scope = NewDisposeScope();
        var grid = Grid(new SigmaGrid(20));
        var (x, m) = (randn([1, 4, 16, 16], generator: new Generator(8)).to_type(ScalarType.BFloat16), randn([1, 4, 16, 16], generator: new Generator(9)).to_type(ScalarType.BFloat16));

        var mean = new Euler().Step(SolverState.Start(x), grid, 15, 0, new Prediction(m, PredictionType.Velocity, x, grid.Points[15])).Mean;

        var (wx, wm) = (x.to_type(ScalarType.Float32), m.to_type(ScalarType.Float32));
        var wide = new Euler().Step(SolverState.Start(wx), grid, 15, 0, new Prediction(wm, PredictionType.Velocity, wx, grid.Points[15])).Mean;
        Assert.Equal(Numbers(wide.to_type(ScalarType.BFloat16)), Numbers(mean));
    }

    [Fact]
    public void ClippedSamplesBendTheSlope()
    {
        using var scope = NewDisposeScope();
        var grid = Grid(new SigmaGrid(1));
        foreach (var solver in (ISolver[])[new Euler(), new Heun(), new Kdpm2(), new Lms(), new EulerAncestral()])
        {
            var end = Loop.Run(grid, solver, Unit() * 9, Affine, PredictionType.Epsilon, new SampleClip(0.5), Quarter);
            Near.All([0.5, -0.5, 0.5, 0.5], Numbers(end), 1e-5);
        }
    }

    [Fact]
    public void AStepLeavesNothingBehindButItsResultsAndConversions()
    {
        using var scope = NewDisposeScope();
        foreach (var solver in Solvers.Select(s => s.Data).Append(new Lms()))
        {
            var grid = Grid(solver is EdmEuler or EdmHeun ? new EdmGrid(5) : new SigmaGrid(5));
            using var inner = NewDisposeScope();
            var x = Unit();
            var prediction = new Prediction(Unit() * 0.5f, PredictionType.Velocity, x, solver.Input(SolverState.Start(x), grid, 0, 0).At);
            _ = (prediction.X0, prediction.Epsilon);
            var before = Tensor.TotalCount;

            var update = solver.Step(SolverState.Start(x), grid, 0, 0, prediction);

            var made = update.Next.History.Count(h => !ReferenceEquals(h, x)) + (update.NoiseScale is null ? 1 : 2);
            Assert.Equal((before + made, solver), (Tensor.TotalCount, solver));
        }
    }

    private static void Ends(double[] expected, ISolver solver, IGrid levels, PredictionType type = PredictionType.Epsilon)
    {
        var grid = Grid(levels);
        Near.All(expected, Numbers(Loop.Run(grid, solver, Unit() * grid.InitialNoiseScale, Affine, type, noise: Quarter)), Golden);
    }

    internal static Schedule Grid(IGrid grid) => grid.On(new DenoiserInfo { Name = "any", Prediction = PredictionType.Epsilon, SampleSize = [1, 2, 2], Noise = Table });

    private static Tensor Unit() => tensor([1f, -0.5f, 0.25f, 2f]).reshape(1, 1, 2, 2);

    private static Tensor Affine(Tensor x, int step) => (x * 0.5f) + 0.1f;

    private static Tensor Quarter(int step) => full_like(Unit(), 0.25);

    private static IEnumerable<double> Numbers(Tensor x) => x.to_type(ScalarType.Float64).data<double>().ToArray();
}
