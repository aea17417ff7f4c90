using static TorchSharp.torch;

namespace Acceleration.Tests.Sampling.Schedulers;

/// <summary>
/// Where the prediction is a polynomial in λ, a solver whose order is above the polynomial's degree follows the ODE exactly: compared with the integral itself, taken in double, step by step. No formula of the
/// solvers is repeated here.
/// </summary>
public sealed class LogSnrExactnessTests
{
    private const double Tolerance = 2e-5;

    private static readonly double[] Curve = [0.4, -0.7, 0.3];

    public static TheoryData<int, ISolver, bool> Multistep => new()
    {
        { 0, new DpmSolver(1), true },
        { 0, new DpmSolver(1) { Algorithm = DpmAlgorithm.Noise }, false },
        { 1, new DpmSolver { Heun = true }, true },
        { 1, new DpmSolver { Heun = true, Algorithm = DpmAlgorithm.Noise }, false },
        { 1, new Deis(), false },
        { 2, new Deis(3), false },
        { 2, new UniPc(3), true },
        { 2, new UniPc(3) { Bh1 = true }, true },
        { 2, new UniPc(3) { OfNoise = true }, false },
    };

    [Theory]
    [MemberData(nameof(Multistep))]
    public void OfMultistepSolvers(int degree, ISolver solver, bool clean)
    {
        foreach (var grid in Grids())
        {
            using var scope = NewDisposeScope();
            var state = SolverState.Start(tensor([1.0, -0.5]).reshape(1, 1, 2));
            for (var k = 0; k < grid.Steps - 1; k++)
            {
                var next = Step(solver, grid, k, state, degree, clean).Next;

                // UniPC starts a step from latents that it has corrected by then.
                var start = solver is UniPc ? next.History[0] : state.Latents;
                if (k >= degree && k < grid.Steps - 2)
                {
                    Loop.Close(Exact(start, grid.Points[k], grid.Targets[k], degree, clean), next.Latents, Tolerance, $"{grid.Name}, step {k}");
                }

                state = next;
            }
        }
    }

    /// <summary>A corrector of order p follows polynomials of degree p: one more than its predictor.</summary>
    [Theory]
    [InlineData(1, 2, true)]
    [InlineData(2, 3, true)]
    [InlineData(1, 2, false)]
    [InlineData(2, 3, false)]
    public void OfTheCorrector(int degree, int order, bool clean)
    {
        foreach (var grid in Grids())
        {
            using var scope = NewDisposeScope();
            var solver = new UniPc(order) { OfNoise = !clean };
            var state = SolverState.Start(tensor([1.0, -0.5]).reshape(1, 1, 2));
            Tensor? before = null;
            for (var k = 0; k < grid.Steps - 2; k++)
            {
                state = Step(solver, grid, k, state, degree, clean).Next;
                if (k > degree)
                {
                    Loop.Close(Exact(before!, grid.Points[k - 1], grid.Points[k], degree, clean), state.History[0], Tolerance, $"{grid.Name}, step {k}");
                }

                before = state.History[0];
            }
        }
    }

    [Theory]
    [InlineData(1, 2, true)]
    [InlineData(1, 2, false)]
    [InlineData(2, 3, true)]
    [InlineData(2, 3, false)]
    public void OfGroupsOfCalls(int degree, int order, bool clean)
    {
        foreach (var grid in Grids())
        {
            using var scope = NewDisposeScope();
            var solver = new DpmSinglestep(order) { Heun = true, Algorithm = clean ? DpmAlgorithm.PlusPlus : DpmAlgorithm.Noise };
            var state = SolverState.Start(tensor([1.0, -0.5]).reshape(1, 1, 2));
            var start = state.Latents;
            for (var k = 0; k < grid.Steps - 1; k++)
            {
                start = k % order == 0 ? state.Latents : start;
                state = Step(solver, grid, k, state, degree, clean).Next;
                if (k % order == order - 1)
                {
                    Loop.Close(Exact(start, grid.Points[k - order + 1], grid.Targets[k], degree, clean), state.Latents, Tolerance, $"{grid.Name}, step {k}");
                }
            }
        }
    }

    private static Schedule[] Grids() =>
    [
        MultistepSchedule.Make(NoiseTableTests.StableDiffusionTable, 12, endsClean: false),
        MultistepSchedule.Make(NoiseTableTests.StableDiffusionTable, 12, shape: SigmaShape.Karras, max: 12, min: 0.1, endsClean: false),
        MultistepSchedule.Flow("flow", FlowSigmas.UniPc(12, FlowShift.Static(2), 0.2), 0.1),
        Schedule.Through("sigma", [.. Enumerable.Range(0, 13).Select(k => new GridPoint(k, 1, (float)(10 * Math.Pow(0.7, k))))]),
    ];

    private static SolverUpdate Step(ISolver solver, Schedule grid, int k, SolverState state, int degree, bool clean)
    {
        var at = grid.Points[k];
        var output = full_like(state.Latents, Value(Math.Log(at.Alpha) - Math.Log(at.Sigma), degree));
        return solver.Step(state, grid, k, 0, new Prediction(output, clean ? PredictionType.Sample : PredictionType.Epsilon, state.Latents, at));
    }

    private static double Value(double lambda, int degree) => Enumerable.Range(0, degree + 1).Sum(i => Curve[i] * Math.Pow(lambda, i));

    /// <summary>x'/σ' = x/σ + ∫ e^λ·x0 dλ, or x'/α' = x/α − ∫ e^(−λ)·ε dλ, by Simpson's rule.</summary>
    private static Tensor Exact(Tensor x, GridPoint from, GridPoint to, int degree, bool clean)
    {
        const int Pieces = 2000;
        double Lambda(GridPoint p) => Math.Log(p.Alpha) - Math.Log(p.Sigma);
        var (a, h) = (Lambda(from), (Lambda(to) - Lambda(from)) / Pieces);
        double At(int i) => Math.Exp(clean ? a + (i * h) : -(a + (i * h))) * Value(a + (i * h), degree);
        var integral = h / 3 * Enumerable.Range(0, Pieces + 1).Sum(i => (i is 0 or Pieces ? 1 : 2 + (2 * (i % 2))) * At(i));
        return clean ? ((x / from.Sigma) + integral) * to.Sigma : ((x / from.Alpha) - integral) * to.Alpha;
    }
}
