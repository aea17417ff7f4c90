using static TorchSharp.torch;

namespace Acceleration.Tests.Sampling.Schedulers;

/// <summary>Fresh noise in the steps of deterministic solvers, against the published loops written down as they are, noise added where they add it.</summary>
public sealed class ChurnTests
{
    private static readonly Churn Strong = new(8, 0.05, 50, 1.003);

    [Theory]
    [InlineData(PredictionType.Epsilon)]
    [InlineData(PredictionType.Velocity)]
    [InlineData(PredictionType.Sample)]
    public void EulerAddsItAfterTheNetwork(PredictionType type)
    {
        using var scope = NewDisposeScope();
        var grid = SigmaSolverTests.Grid(new SigmaGrid(6));
        var x = Draw(0) * grid.InitialNoiseScale;
        var actual = Loop.Run(grid, new Euler { Churn = Strong }, x, Net, type, noise: Draw);
        for (var k = 0; k < 6; k++)
        {
            var (s, next) = ((double)grid.Points[k].Sigma, (double)grid.Targets[k].Sigma);
            var raised = Raised(s, 6);
            var m = Net(x / Math.Sqrt((s * s) + 1), k);
            var hat = raised > s ? x + (Draw(k) * (1.003 * Math.Sqrt((raised * raised) - (s * s)))) : x;
            var clean = type switch
            {
                PredictionType.Epsilon => hat - (m * raised),
                PredictionType.Velocity => (m * (-s / Math.Sqrt((s * s) + 1))) + (hat / ((s * s) + 1)),
                _ => m,
            };
            x = hat + ((hat - clean) / raised * (next - raised));
        }

        Loop.Close(x, actual, 1e-5, $"{type}");
    }

    [Theory]
    [InlineData(PredictionType.Preconditioned)]
    [InlineData(PredictionType.Velocity)]
    public void EdmEulerReadsTheOutputAtTheRaisedLevel(PredictionType type)
    {
        using var scope = NewDisposeScope();
        const double data = 0.7;
        var grid = SigmaSolverTests.Grid(new EdmGrid(6) { SigmaData = data, UnitAdded = true });
        var x = Draw(0) * grid.InitialNoiseScale;
        var actual = Loop.Run(grid, new EdmEuler { Churn = Strong }, x, Net, type, noise: Draw);
        for (var k = 0; k < 6; k++)
        {
            var (s, next) = ((double)grid.Points[k].Sigma, (double)grid.Targets[k].Sigma);
            var raised = Raised(s, 6);
            var m = Net(x / Math.Sqrt((s * s) + (data * data)), k);
            var hat = raised > s ? x + (Draw(k) * (1.003 * Math.Sqrt((raised * raised) - (s * s)))) : x;
            var clean = Preconditioned(hat, type == PredictionType.Velocity ? -m : m, raised, data);
            x = hat + ((hat - clean) / raised * (next - raised));
        }

        Loop.Close(x, actual, 1e-5, $"{type}");
    }

    /// <summary>Karras et al. (2022), algorithm 2, with the network asked at σ̂.</summary>
    [Fact]
    public void EdmHeunAddsItBeforeTheNetwork()
    {
        using var scope = NewDisposeScope();
        var grid = SigmaSolverTests.Grid(new EdmGrid(6));
        var x = Draw(0) * grid.InitialNoiseScale;
        var solver = new EdmHeun { Churn = Strong };
        var actual = Loop.Run(grid, solver, x, Net, PredictionType.Preconditioned, noise: Draw);
        var calls = 0;
        for (var k = 0; k < 6; k++)
        {
            var (s, next) = ((double)grid.Points[k].Sigma, (double)grid.Targets[k].Sigma);
            var raised = Raised(s, 6);
            Assert.Equal(raised > s ? 1.003 * Math.Sqrt((raised * raised) - (s * s)) : 0, solver.NoiseBefore(grid, k), 1e-4 * s);
            Assert.Equal(0.25 * Math.Log(raised), solver.Input(SolverState.Start(x), grid, k, 0).At.Time, 1e-5);
            var hat = raised > s ? x + (Draw(calls) * solver.NoiseBefore(grid, k)) : x;
            var slope = (hat - Preconditioned(hat, Net(hat / Math.Sqrt((raised * raised) + 0.25), calls++), raised, 0.5)) / raised;
            x = hat + (slope * (next - raised));
            if (next > 0)
            {
                var second = (x - Preconditioned(x, Net(x / Math.Sqrt((next * next) + 0.25), calls++), next, 0.5)) / next;
                x = hat + ((slope + second) / 2 * (next - raised));
            }
        }

        Assert.Equal(11, calls);
        Loop.Close(x, actual, 1e-5, "EDM Heun");
    }

    /// <summary>The reference counts network calls, adds noise after the first of them, and draws after the second what it then does not use.</summary>
    [Fact]
    public void FlowHeunAddsItAfterTheFirstCall()
    {
        using var scope = NewDisposeScope();
        var grid = FlowSchedule.Make(5, FlowShift.Static(3));
        var x = Draw(0);
        var drawn = new List<int>();
        var actual = Loop.Run(grid, new FlowHeun { Churn = new(4, 0.1, 0.95) }, x, Net, PredictionType.Flow, noise: call =>
        {
            drawn.Add(call);
            return Draw(call);
        });
        var (calls, expected) = (0, new List<int>());
        for (var k = 0; k < 5; k++)
        {
            var (s, next) = ((double)grid.Points[k].Sigma, (double)grid.Targets[k].Sigma);
            var raised = s is >= 0.1 and <= 0.95 ? s * (1 + Math.Min(4.0 / 9, Math.Sqrt(2) - 1)) : s;
            if (raised > s)
            {
                expected.AddRange(next > 0 ? [calls, calls + 1] : [calls]);
            }

            var m = Net(x, calls);
            var hat = raised > s ? x + (Draw(calls) * Math.Sqrt((raised * raised) - (s * s))) : x;
            calls++;
            var slope = m * s / raised;
            x = hat + (slope * (next - raised));
            if (next > 0)
            {
                x = hat + ((slope + Net(x, calls++)) / 2 * (next - raised));
            }
        }

        Assert.Equal(expected, drawn);
        Assert.NotEmpty(drawn);
        Loop.Close(x, actual, 1e-5, "flow Heun");
    }

    [Fact]
    public void NoneIsDrawnOutsideOfItsLevels()
    {
        using var scope = NewDisposeScope();
        var grid = SigmaSolverTests.Grid(new SigmaGrid(8));
        foreach (var solver in (ISolver[])[new Euler { Churn = new(4, 1, 5) }, new Euler { Churn = new(0) }])
        {
            var drawn = new List<int>();
            Loop.Run(grid, solver, Draw(0), Net, PredictionType.Epsilon, noise: k =>
            {
                drawn.Add(k);
                return Draw(k);
            });
            Assert.Equal(Enumerable.Range(0, 8).Where(k => ((Euler)solver).Churn!.Amount > 0 && grid.Points[k].Sigma is >= 1 and <= 5), drawn);
        }

        Assert.Equal(0, new EdmHeun { Churn = new(4, 1, 5) }.NoiseBefore(grid, 0));
        Assert.Equal(0, new EdmHeun().NoiseBefore(grid, 3));
    }

    [Fact]
    public void BadValuesAreRefused()
    {
        foreach (var bad in (double[])[-1, double.NaN, double.PositiveInfinity])
        {
            Assert.Equal(nameof(Churn.Amount), Assert.Throws<ArgumentOutOfRangeException>(() => new Churn(bad)).ParamName);
            Assert.Equal(nameof(Churn.Least), Assert.Throws<ArgumentOutOfRangeException>(() => new Churn(1, Least: bad)).ParamName);
            Assert.Equal(nameof(Churn.Most), Assert.Throws<ArgumentOutOfRangeException>(() => new Churn(1) with { Most = bad }).ParamName);
            Assert.Equal(nameof(Churn.Noise), Assert.Throws<ArgumentOutOfRangeException>(() => new Churn(1, Noise: bad)).ParamName);
        }
    }

    private static double Raised(double s, int steps) => s is >= 0.05 and <= 50 ? s * (1 + Math.Min(8.0 / steps, Math.Sqrt(2) - 1)) : s;

    private static Tensor Preconditioned(Tensor x, Tensor f, double s, double data) => (x * (data * data / ((s * s) + (data * data)))) + (f * (s * data / Math.Sqrt((s * s) + (data * data))));

    private static Tensor Net(Tensor x, int call) => (x * (0.4f + (0.02f * call))) + (x.sin() * 0.3f);

    private static Tensor Draw(int call) => randn([2, 1, 3, 3], generator: new Generator((ulong)(40 + call)));
}
