using System.Collections.Immutable;

namespace Acceleration.Tests.Sampling.Solvers;

/// <summary>A solver, levels on which it runs between two fixed ends, both with noise, and how its error falls with the step.</summary>
/// <param name="Solver">The solver, without lowering of its order at the end.</param>
/// <param name="Grid">Makes the levels of N steps.</param>
/// <param name="Order">The power.</param>
/// <param name="Steps">The smallest of three numbers of steps, each twice the one before: few enough that float32 levels and coefficients do not show.</param>
internal sealed record OrderCase(ISolver Solver, Func<int, Schedule> Grid, double Order, int Steps)
{
    /// <summary>What the network predicts.</summary>
    public PredictionType Type { get; init; } = PredictionType.Epsilon;

    /// <summary>Steps that are begun at exact latents, because they are of lower order.</summary>
    public int Exact { get; init; }

    /// <summary>All solvers without noise of their own; LCM follows no trajectory.</summary>
    public static IReadOnlyDictionary<string, OrderCase> All { get; } = new Dictionary<string, OrderCase>
    {
        ["ddim"] = new(new Ddim(), HalfLogSnr, 1, 20),
        ["ddim on a flow"] = new(new Ddim(), Flow, 1, 20) { Type = PredictionType.Flow },
        ["flow euler"] = new(new FlowEuler(), Flow, 1, 20) { Type = PredictionType.Flow },
        ["flow heun"] = new(new FlowHeun(), Flow, 2, 8) { Type = PredictionType.Flow },
        ["euler"] = new(new Euler(), SigmaSpace, 1, 20),
        ["heun"] = new(new Heun(), SigmaSpace, 2, 8),
        ["kdpm2"] = new(new Kdpm2(), SigmaSpace, 2, 8),
        ["edm euler"] = new(new EdmEuler(), SigmaSpace, 1, 20) { Type = PredictionType.Sample },
        ["edm heun"] = new(new EdmHeun(), SigmaSpace, 2, 8) { Type = PredictionType.Sample },
        ["lms 1"] = new(new Lms { Order = 1 }, SigmaSpace, 1, 20),
        ["lms 2"] = new(new Lms { Order = 2 }, SigmaSpace, 2, 16) { Exact = 1 },
        ["lms 3"] = new(new Lms { Order = 3 }, SigmaSpace, 3, 16) { Exact = 2 },
        ["lms 4"] = new(new Lms { Order = 4 }, SigmaSpace, 4, 16) { Exact = 3 },
        ["dpm++ 1"] = new(new DpmSolver { Order = 1, LowerOrderFinal = false }, HalfLogSnr, 1, 20),
        ["dpm++ 2"] = new(new DpmSolver { Order = 2, LowerOrderFinal = false }, HalfLogSnr, 2, 10) { Exact = 1 },
        ["dpm++ 2 heun"] = new(new DpmSolver { Order = 2, Heun = true, LowerOrderFinal = false }, HalfLogSnr, 2, 10) { Exact = 1 },

        // As published they weigh the second difference by half of what a third order needs.
        ["dpm++ 3"] = new(new DpmSolver { Order = 3, LowerOrderFinal = false }, HalfLogSnr, 2, 24) { Exact = 2 },
        ["dpm 2"] = new(new DpmSolver { Algorithm = DpmAlgorithm.Noise, Order = 2, LowerOrderFinal = false }, HalfLogSnr, 2, 10) { Exact = 1 },
        ["dpm 3"] = new(new DpmSolver { Algorithm = DpmAlgorithm.Noise, Order = 3, LowerOrderFinal = false }, HalfLogSnr, 2, 48) { Exact = 2 },
        ["singlestep 1"] = new(new DpmSinglestep(1), HalfLogSnr, 1, 20),
        ["singlestep 2"] = new(new DpmSinglestep(2), HalfLogSnr, 2, 12),
        ["singlestep 2 heun"] = new(new DpmSinglestep(2) { Heun = true }, HalfLogSnr, 2, 12),
        ["singlestep 3"] = new(new DpmSinglestep(3), HalfLogSnr, 3, 12),
        ["deis 1"] = new(new Deis(1) { LowerOrderFinal = false }, HalfLogSnr, 1, 20),
        ["deis 2"] = new(new Deis(2) { LowerOrderFinal = false }, HalfLogSnr, 2, 10) { Exact = 1 },
        ["deis 3"] = new(new Deis(3) { LowerOrderFinal = false }, HalfLogSnr, 3, 6) { Exact = 2 },
        ["unipc 1"] = new(UniPc(1), HalfLogSnr, 2, 20) { Exact = 3 },
        ["unipc 2"] = new(UniPc(2), HalfLogSnr, 3, 20) { Exact = 3 },
        ["unipc 2 bh1"] = new(UniPc(2) with { Bh1 = true }, HalfLogSnr, 3, 20) { Exact = 3 },
        ["unipc 2 of noise"] = new(UniPc(2) with { OfNoise = true }, HalfLogSnr, 3, 20) { Exact = 3 },
        ["unipc 3"] = new(UniPc(3), HalfLogSnr, 4, 12) { Exact = 3 },
        ["unipc 2, predictor alone"] = new(UniPc(2) with { Uncorrected = [.. Enumerable.Range(0, 1000)] }, HalfLogSnr, 2, 20) { Exact = 3 },
        ["unipc 3, predictor alone"] = new(UniPc(3) with { Uncorrected = [.. Enumerable.Range(0, 1000)] }, HalfLogSnr, 3, 20) { Exact = 3 },
        ["ipndm, equal steps of sigma over alpha"] = new(new Ipndm(), EqualRatios, 4, 8) { Exact = 3 },
        ["ipndm"] = new(new Ipndm(), HalfLogSnr, 2, 20) { Exact = 3 },
        ["pndm, equal steps of sigma over alpha"] = new(new Pndm(), EqualRatios, 4, 8) { Exact = 3 },
        ["pndm"] = new(new Pndm(), HalfLogSnr, 2, 20) { Exact = 3 },
        ["pndm, steps of runge and kutta"] = new(new Pndm(), n => WithInner(n, RungeKutta), 4, 4),
        ["pndm, steps of two calls"] = new(new Pndm(), n => WithInner(n, Corrected), 2, 8),
    };

    /// <summary>The corrector, which counts one order more, begins where the history is whole.</summary>
    private static UniPc UniPc(int order) => new(order) { LowerOrderFinal = false, Uncorrected = [0, 1, 2] };

    /// <summary>Equal steps of ln(α/σ) from −1.5 to 1.5, α² + σ² = 1.</summary>
    private static Schedule HalfLogSnr(int steps) => Through(steps, share => VariancePreserving(Math.Exp(1.5 - (3 * share))));

    /// <summary>Equal steps of σ/α, α² + σ² = 1.</summary>
    private static Schedule EqualRatios(int steps) => Through(steps, share => VariancePreserving(2 - (1.5 * share)));

    private static Schedule Flow(int steps) => Through(steps, share => GridPoints.Flow(0, 0.9 - (0.8 * share)));

    private static Schedule SigmaSpace(int steps)
    {
        var grid = Through(steps, share => GridPoints.VarianceExploding(0, Math.Pow(2 - share, 3)));
        return new(grid.Name, grid.Points, grid.Targets) { Level = s => GridPoints.VarianceExploding(0, s) };
    }

    /// <summary>Equal steps of σ/α that all have levels within.</summary>
    private static Schedule WithInner(int steps, Func<double, double, GridPoint[]> inner)
    {
        var grid = EqualRatios(steps);
        return new(grid.Name, grid.Points, grid.Targets) { InnerPoints = [.. grid.Points.Zip(grid.Targets, (a, b) => inner((double)a.Sigma / a.Alpha, (double)b.Sigma / b.Alpha).ToImmutableArray())] };
    }

    private static GridPoint[] RungeKutta(double from, double to) => [VariancePreserving((from + to) / 2), VariancePreserving((from + to) / 2), VariancePreserving(to)];

    private static GridPoint[] Corrected(double from, double to) => [VariancePreserving(to), VariancePreserving(from)];

    private static GridPoint VariancePreserving(double ratio) => GridPoints.VariancePreserving(0, ratio);

    private static Schedule Through(int steps, Func<double, GridPoint> at) => Schedule.Through("order", [.. Enumerable.Range(0, steps + 1).Select(k => at((double)k / steps))]);
}
