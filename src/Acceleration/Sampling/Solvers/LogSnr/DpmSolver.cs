using static TorchSharp.torch;

namespace Acceleration;

/// <summary>
/// DPM-Solver multistep (Lu et al., 2022a, 2022b): the exact solution of the linear part, and a polynomial in λ through the last predictions for the rest. One network call per step. DPM++ 2M is the
/// default. Latents in half precision are up-cast to float32 within a step and cast back.
/// </summary>
/// <param name="Order">Most predictions a step rests on, 1 to 3: 2 under guidance, 3 without. Order 1 is DDIM.</param>
[Entry("dpmSolver", "dpm")]
[UsualSchedule(typeof(MultistepGrid))]
public sealed record DpmSolver(int Order = 2) : ISolver
{
    private const int FewSteps = 15;

    /// <summary>Most predictions a step rests on.</summary>
    [InTag("o")]
    [Within(1, 3)]
    public int Order { get; init => field = Require.Within(1, 3, value); } = Require.Within(1, 3, Order, nameof(Order));

    /// <summary>What is taken for a polynomial, and whether noise is drawn.</summary>
    [InTag]
    public DpmAlgorithm Algorithm { get; init; }

    /// <summary>Whether the second order has the form of Heun's method; else of the midpoint rule.</summary>
    [InTag("heun")]
    public bool Heun { get; init; }

    /// <summary>Whether runs of fewer than 15 steps end with lower orders.</summary>
    [InTag("whole")]
    public bool LowerOrderFinal { get; init; } = true;

    /// <summary>Whether the last step is of order 1 whatever the number of steps. One that ends clean always is.</summary>
    [InTag("euler")]
    public bool EulerAtFinal { get; init; }

    /// <inheritdoc/>
    public string Name => "dpm";

    /// <inheritdoc/>
    public string? Refuse(Schedule grid)
    {
        ArgumentNullException.ThrowIfNull(grid);
        return Algorithm != DpmAlgorithm.StochasticNoise ? HalfLogSnr.Refuse(grid)
            : Order > 2 ? "the stochastic solver in epsilon has orders 1 and 2."
            : grid.Targets[^1].Sigma == 0 ? "the stochastic solver in epsilon ends at a noise level above 0."
            : HalfLogSnr.Refuse(grid);
    }

    /// <inheritdoc/>
    public int Calls(Schedule grid, int step) => 1;

    /// <inheritdoc/>
    public SolverInput Input(in SolverState state, Schedule grid, int step, int call) => StepInput.Of(state, grid, step);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A level of the step has no finite ln(α/σ), or the algorithm does not have this order.</exception>
    public SolverUpdate Step(in SolverState state, Schedule grid, int step, int call, Prediction now)
    {
        HalfLogSnr.Require(grid, step);
        var order = OrderAt(grid, step, state.History.Length);
        if (Algorithm == DpmAlgorithm.StochasticNoise && (order > 2 || grid.Targets[step].Sigma == 0))
        {
            throw new ArgumentException($"Schedule {grid.Name}: step {step} cannot be solved: {Refuse(grid)}");
        }

        // Taken before the scope opens: the prediction remembers its conversions.
        var (leading, m0) = DpmTerms.IsClean(Algorithm) ? (now.LeadingX0, now.X0) : (now.LeadingConsistentEpsilon, now.ConsistentEpsilon);

        using var scope = NewDisposeScope();
        var terms = DpmTerms.Of(Algorithm, grid.Points[step], grid.Targets[step]);
        var mean = Wide.Of(state.Latents).Times(terms.Latents).Increase(Wide.Of(leading).Times(terms.First));
        if (order == 2)
        {
            var (r0, _) = Ratios(grid, step);
            mean.Increase((Wide.Of(m0) - Wide.Of(state.History[0])).Times((Heun ? terms.Second : terms.Midpoint) * (1 / r0)));
        }
        else if (order == 3)
        {
            AddThird(mean, terms, Ratios(grid, step), Wide.Of(m0), Wide.Of(state.History[0]), Wide.Of(state.History[1]));
        }

        var noise = terms.Noise is { } scale ? tensor(scale, state.Latents.dtype, state.Latents.device).MoveToOuterDisposeScope() : null;
        var result = Wide.Result(mean, state.Latents.dtype);
        return new(result, noise, new(result, [.. state.History.Prepend(m0).Take(Order - 1)]));
    }

    private static void AddThird(Tensor mean, DpmTerms terms, (float R0, float R1) r, Tensor m0, Tensor m1, Tensor m2)
    {
        var newer = (m0 - m1).Times(1 / r.R0);
        var bend = newer - (m1 - m2).Times(1 / r.R1);
        mean.Increase(newer.Plus(bend.Times(r.R0 / (r.R0 + r.R1))).Times(terms.Second));
        mean.Increase(bend.Times(terms.Third * (1 / (r.R0 + r.R1))));
    }

    /// <summary>Lengths in λ of the intervals before this one, in units of this one's.</summary>
    private static (float R0, float R1) Ratios(Schedule grid, int step)
    {
        var (here, before) = (HalfLogSnr.Of(grid.Points[step]), HalfLogSnr.Of(grid.Points[step - 1]));
        var h = HalfLogSnr.Of(grid.Targets[step]) - here;
        return ((here - before) / h, step < 2 ? float.NaN : (before - HalfLogSnr.Of(grid.Points[step - 2])) / h);
    }

    private int OrderAt(Schedule grid, int step, int remembered)
    {
        var (left, few) = (grid.Steps - 1 - step, LowerOrderFinal && grid.WholeSteps < FewSteps);

        // A last step of length 0 (a shape that already ends at the smallest level) has no differences in units of its own.
        var (from, to) = (grid.Points[step], grid.Targets[step]);
        var isFirst = Order == 1 || remembered == 0 || (left == 0 && (EulerAtFinal || few)) || to.Sigma == 0 || (to.Alpha == from.Alpha && to.Sigma == from.Sigma);
        return isFirst ? 1 : Order == 2 || remembered == 1 || (left == 1 && few) ? 2 : 3;
    }
}
