using static TorchSharp.torch;

namespace Acceleration.Tests.Sampling.Schedulers;

/// <summary>Preconditioned networks: their levels, and what their outputs mean.</summary>
public sealed class EdmTests
{
    [Fact]
    public void LevelsArePublishedOnes()
    {
        Near.All([80, 17.52783, 2.51522, 0.16975, 0.002], Levels(new EdmGrid(5)), 1e-4);
        Near.All([80, 0.4, 0.002], Levels(new EdmGrid(3) { Exponential = true }), 1e-4);
        Near.All([10, 10, 1], [SigmaSolverTests.Grid(new EdmGrid(2) { Largest = 10, Smallest = 1 }).InitialNoiseScale, .. Levels(new EdmGrid(2) { Largest = 10, Smallest = 1 })], 1e-6);
        Assert.Equal(Math.Sqrt(6401), SigmaSolverTests.Grid(new EdmGrid(5) { UnitAdded = true }).InitialNoiseScale, 1e-4);

        var grid = SigmaSolverTests.Grid(new EdmGrid(4) { SigmaData = 0.7 });
        Near.All(grid.Points.Select(p => 0.25 * Math.Log(p.Sigma)), grid.Points.Select(p => p.Time), 1e-6);
        Assert.All(grid.Points.Append(grid.Targets[^1]), p => Assert.Equal((1, 0.7f), (p.Alpha, p.SigmaData)));
        Assert.Equal(0, grid.Targets[^1].Sigma);

        var stays = SigmaSolverTests.Grid(new EdmGrid(4) { EndsClean = false });
        Assert.Equal(stays.Points[^1], stays.Targets[^1]);
    }

    [Fact]
    public void OutputsAreReadAsKarrasAndOthersState()
    {
        using var scope = NewDisposeScope();
        var (x, f) = (randn([2, 3, 4], generator: new Generator(1), dtype: ScalarType.Float64), randn([2, 3, 4], generator: new Generator(2), dtype: ScalarType.Float64));
        var at = GridPoints.VarianceExploding(0, 1.7) with { SigmaData = 0.5f };
        var skip = 0.25 / ((1.7 * 1.7) + 0.25);
        var output = 1.7 * 0.5 / Math.Sqrt((1.7 * 1.7) + 0.25);
        foreach (var (type, sign) in ((PredictionType, int)[])[(PredictionType.Preconditioned, 1), (PredictionType.Velocity, -1)])
        {
            var (x0, epsilon) = (Conversions.X0(f, type, x, at), Conversions.Epsilon(f, type, x, at));
            Loop.Close((x * skip) + (f * (sign * output)), x0, 1e-6, "x0");
            Loop.Close(x, x0 + (epsilon * 1.7), 1e-6, "x");
        }
    }

    [Fact]
    public void OnAVariancePreservingLevelItIsMinusTheVelocity()
    {
        using var scope = NewDisposeScope();
        var (x, f, at) = (randn([2, 3, 4], generator: new Generator(1)), randn([2, 3, 4], generator: new Generator(2)), NoiseTableTests.StableDiffusionTable.At(500));
        Loop.Close(Conversions.X0(-f, PredictionType.Velocity, x, at), Conversions.X0(f, PredictionType.Preconditioned, x, at), 1e-5, "x0");
        Loop.Close(Conversions.Epsilon(-f, PredictionType.Velocity, x, at), Conversions.Epsilon(f, PredictionType.Preconditioned, x, at), 1e-5, "epsilon");
    }

    [Fact]
    public void TheDeviationOfDataIsOneUnlessSaidOtherwise()
    {
        Assert.Equal(1, default(GridPoint).SigmaData);
        Assert.Equal(new GridPoint(1, 1, 2), new GridPoint(1, 1, 2) { SigmaData = 1 });
        Assert.NotEqual(new GridPoint(1, 1, 2), new GridPoint(1, 1, 2) { SigmaData = 0.5f });
    }

    [Fact]
    public void SolversInLogSnrScaleTheirInputAlike()
    {
        using var scope = NewDisposeScope();
        var grid = SigmaSolverTests.Grid(new EdmGrid(8));
        var x = randn([1, 2, 3, 3], generator: new Generator(4)) * grid.InitialNoiseScale;
        Tensor Net(Tensor m, int call) => (m * 0.3f) + (m.sin() * 0.2f);

        // A first-order step in λ is Euler's.
        Loop.Close(
            Loop.Run(grid, new EdmEuler(), x, Net, PredictionType.Preconditioned),
            Loop.Run(grid, new DpmSolver(1), x, Net, PredictionType.Preconditioned), 1e-5, "DPM++ of order 1");
    }

    [Fact]
    public void LevelsThatDoNotFallAreRefused()
    {
        Assert.Contains("not from 1 to 2", Assert.Throws<ArgumentException>(() => SigmaSolverTests.Grid(new EdmGrid(4) { Largest = 1, Smallest = 2 })).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new EdmGrid(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EdmGrid(1) { SigmaData = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new EdmGrid(1) { Rho = -1 });
    }

    private static IEnumerable<double> Levels(EdmGrid grid) => SigmaSolverTests.Grid(grid).Points.Select(p => (double)p.Sigma);
}
