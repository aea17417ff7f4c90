using static TorchSharp.torch;

namespace Acceleration;

/// <summary>
/// DPM-Solver singlestep (Lu et al., 2022a): two or three network calls that together make one step of order 2 or 3 from where the first of them was made. Each call counts as a step of the schedule, so N steps
/// are N network calls. Keeps nothing over from one group of calls to the next. Latents in half precision are up-cast to float32 within a step and cast back.
/// </summary>
/// <param name="Order">Calls of a group, 1 to 3: 2 under guidance, 3 without. Order 1 is DDIM.</param>
[Entry("dpmSinglestep", "dpm-single")]
[UsualSchedule(typeof(MultistepGrid))]
public sealed record DpmSinglestep(int Order = 2) : ISolver
{
    // History: the latents a group began with, its first prediction in the first-order term; then predictions, newest first.
    private const int Kept = 2;

    /// <summary>Calls of a group.</summary>
    [InTag("o")]
    [Within(1, 3)]
    public int Order { get; init => field = Require.Within(1, 3, value); } = Require.Within(1, 3, Order, nameof(Order));

    /// <summary>What is taken for a polynomial, and whether noise is drawn; not the stochastic solver in ε.</summary>
    [InTag]
    public DpmAlgorithm Algorithm
    {
        get;
        init => field = value != DpmAlgorithm.StochasticNoise
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Algorithm), value, "The stochastic solver in epsilon has no singlestep form.");
    }

    /// <summary>Whether orders 2 and 3 have the form of Heun's method; else of the midpoint rule.</summary>
    [InTag("heun")]
    public bool Heun { get; init; }

    /// <summary>Whether the last of whole groups ends with a call of order 1; where steps do not fill whole groups, or the run ends clean, it ends with lower orders in any case.</summary>
    [InTag("low")]
    public bool LowerOrderFinal { get; init; }

    /// <inheritdoc/>
    public string Name => "dpm-single";

    /// <inheritdoc/>
    public string? Refuse(Schedule grid)
    {
        ArgumentNullException.ThrowIfNull(grid);
        return HalfLogSnr.Refuse(grid);
    }

    /// <inheritdoc/>
    public int Calls(Schedule grid, int step) => 1;

    /// <inheritdoc/>
    public SolverInput Input(in SolverState state, Schedule grid, int step, int call) => StepInput.Of(state, grid, step);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A level of the step has no finite ln(α/σ).</exception>
    public SolverUpdate Step(in SolverState state, Schedule grid, int step, int call, Prediction now)
    {
        HalfLogSnr.Require(grid, step);

        // Taken before the scope opens: the prediction remembers its conversions.
        var (leading, m0) = DpmTerms.IsClean(Algorithm) ? (now.LeadingX0, now.X0) : (now.LeadingConsistentEpsilon, now.ConsistentEpsilon);

        using var scope = NewDisposeScope();
        var older = state.History.IsEmpty ? [] : state.History[Kept..];

        // A run that begins within a group has not its first calls.
        var wanted = SinglestepOrders.Of(grid.WholeSteps - grid.Steps + step, grid.WholeSteps, Order, LowerOrderFinal, grid.Targets[^1].Sigma == 0);
        var order = Math.Min(wanted, older.Length + 1);
        var (start, first) = order == 1 ? (state.Latents, leading) : (state.History[0], state.History[1]);
        var terms = DpmTerms.Of(Algorithm, grid.Points[step - order + 1], grid.Targets[step]);
        var mean = Wide.Of(start).Times(terms.Latents).Increase(Wide.Of(first).Times(terms.First));
        if (order == 2)
        {
            var r = Place(grid, step, 2, 1);
            mean.Increase((Wide.Of(m0) - Wide.Of(older[0])).Times((Heun ? terms.Second : terms.Midpoint) * (1 / r)));
        }
        else if (order == 3)
        {
            AddThird(mean, terms, Place(grid, step, 3, 2), Place(grid, step, 3, 1), Wide.Of(m0), Wide.Of(older[0]), Wide.Of(older[1]));
        }

        var noise = terms.Noise is { } scale ? tensor(scale, state.Latents.dtype, state.Latents.device).MoveToOuterDisposeScope() : null;
        var result = Wide.Result(mean, state.Latents.dtype);
        return new(result, noise, new(result, Order == 1 ? [] : [start, first, m0, .. older.Take(Order - 2)]));
    }

    /// <summary>Where in the group's step, 0 its start and 1 its end in λ, its call <paramref name="call"/> was made.</summary>
    private static float Place(Schedule grid, int step, int order, int call)
    {
        var start = HalfLogSnr.Of(grid.Points[step - order + 1]);
        return (HalfLogSnr.Of(grid.Points[step - order + 1 + call]) - start) / (HalfLogSnr.Of(grid.Targets[step]) - start);
    }

    /// <param name="mean">What is added to.</param>
    /// <param name="terms">The numbers of the group's step.</param>
    /// <param name="r0">The place of the third call.</param>
    /// <param name="r1">The place of the second.</param>
    /// <param name="m0">The third prediction.</param>
    /// <param name="m1">The second.</param>
    /// <param name="m2">The first.</param>
    private void AddThird(Tensor mean, DpmTerms terms, float r0, float r1, Tensor m0, Tensor m1, Tensor m2)
    {
        var whole = (m0 - m2).Times(1 / r0);
        if (!Heun)
        {
            mean.Increase(whole.Times(terms.Second));
            return;
        }

        var half = (m1 - m2).Times(1 / r1);
        mean.Increase((half.Times(r0) - whole.Times(r1)).Times(terms.Second / (r0 - r1)));
        mean.Increase((whole - half).Times(terms.Third * 2 / (r0 - r1)));
    }
}
