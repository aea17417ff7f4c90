using static TorchSharp.torch;

namespace Acceleration.Tests.Sampling.Schedulers;

/// <summary>Final samples of the reference's solvers in ln(α/σ) on m = x/2 + 0.1, with every draw of noise 0.25.</summary>
public sealed class LogSnrGoldenTests
{
    private static NoiseTable Table => NoiseTableTests.StableDiffusionTable;

    [Fact]
    public void DpmSolver()
    {
        Golden([2.765167, -2.325619, 0.219774, 6.159024], new DpmSolver(1), Levels(5));
        Golden([2.355532, -1.957215, 0.199159, 5.230698], new DpmSolver(), Levels(5));
        Golden([2.365145, -1.963896, 0.200625, 5.251173], new DpmSolver(3), Levels(5));
        Golden([2.298027, -1.905627, 0.196200, 5.100464], new DpmSolver { Heun = true }, Levels(5));
        Golden([1.563614, -1.238816, 0.162399, 3.431901], new DpmSolver(), MultistepSchedule.Make(Table, 5, shape: SigmaShape.Karras));
        Golden([2.354552, -1.956261, 0.199146, 5.228426], new DpmSolver(), MultistepSchedule.Make(Table, 5, TimestepSpacing.Trailing));
        Golden([1.460071, -1.163160, 0.148455, 3.208892], new DpmSolver(), MultistepSchedule.Make(Table, 5, TimestepSpacing.Leading, 1));
        Golden([0.270829, -0.280620, -0.004895, 0.638463], new DpmSolver(), Levels(5), PredictionType.Velocity);
        Golden([1.101692, -0.136349, 0.482672, 1.927052], new DpmSolver { Algorithm = DpmAlgorithm.StochasticPlusPlus }, Levels(5));
        Golden([0.505957, -0.376489, 0.064734, 1.094255], new DpmSolver(), MultistepSchedule.Flow("flow", FlowSigmas.DpmSolver(5, FlowShift.Static(3))), PredictionType.Flow);
    }

    [Theory]
    [InlineData(2, 14, 2.234754, -1.833174, 0.200790, 4.946706)]
    [InlineData(2, 15, 2.234354, -1.832496, 0.200929, 4.945588)]
    [InlineData(2, 20, 2.231292, -1.828528, 0.201382, 4.937840)]
    [InlineData(3, 14, 2.256217, -1.851609, 0.202304, 4.994767)]
    [InlineData(3, 15, 2.255526, -1.851238, 0.202145, 4.993371)]
    [InlineData(3, 20, 2.243086, -1.839203, 0.201941, 4.964611)]
    public void FewerThanFifteenStepsEndWithLowerOrders(int order, int steps, params double[] expected) => Golden(expected, new DpmSolver(order), Levels(steps));

    [Fact]
    public void UniPc()
    {
        Golden([2.513188, -2.099817, 0.206686, 5.588526], new UniPc(1), Levels(5));
        Golden([2.247697, -1.859135, 0.194281, 4.985584], new UniPc(), Levels(5));
        Golden([2.242993, -1.853805, 0.194594, 4.974192], new UniPc(3), Levels(5));
        Golden([2.085209, -1.703883, 0.190663, 4.611270], new UniPc { Bh1 = true }, MultistepSchedule.Make(Table, 5, endsClean: false));
        Golden([2.225114, -1.823051, 0.201031, 4.923891], new UniPc(), Levels(20));
        Golden([2.239869, -1.839201, 0.200334, 4.959249], new UniPc(4), Levels(10));
        Golden([2.226844, -1.824669, 0.201088, 4.927855], new UniPc(5), Levels(20));
        Golden([2.226861, -1.824683, 0.201089, 4.927892], new UniPc(6), Levels(20));
        Golden([0.507644, -0.376911, 0.065367, 1.097348], new UniPc(), MultistepSchedule.Flow("flow", FlowSigmas.UniPc(5, FlowShift.Static(3))), PredictionType.Flow);
    }

    [Fact]
    public void Deis()
    {
        var grid = MultistepSchedule.Make(Table, 5, endsClean: false);
        Golden([2.523471, -2.097431, 0.213020, 5.604073], new Deis(), grid);
        Golden([2.516266, -2.090009, 0.213128, 5.587116], new Deis(3), grid);
    }

    [Fact]
    public void TimestepsOfShapes()
    {
        Assert.Equal([999, 799, 599, 400, 200], Levels(5).Points.Select(p => p.Time));
        Assert.Equal([999, 786, 427, 59, 0], MultistepSchedule.Make(Table, 5, shape: SigmaShape.Karras).Points.Select(p => p.Time));
        Assert.Equal([995, 796, 597, 398, 199], MultistepSchedule.Make(NoiseTable.Make(BetaSchedule.SquaredCosCapV2), 5, lambdaMin: -5.1).Points.Select(p => p.Time));
    }

    private static Schedule Levels(int steps) => MultistepSchedule.Make(Table, steps);

    private static void Golden(double[] expected, ISolver solver, Schedule grid, PredictionType type = PredictionType.Epsilon)
    {
        using var scope = NewDisposeScope();
        var x = tensor([1f, -0.5f, 0.25f, 2f]).reshape(1, 1, 2, 2);
        var end = Loop.Run(grid, solver, x, (m, _) => (m * 0.5f) + 0.1f, type, noise: _ => full_like(x, 0.25f));

        // The published numbers have six decimals.
        Assert.All(expected.Zip(end.to_type(ScalarType.Float64).data<double>()), p => Assert.Equal(p.First, p.Second, Math.Max(2e-5 * Math.Abs(p.First), 1e-6)));
    }
}
