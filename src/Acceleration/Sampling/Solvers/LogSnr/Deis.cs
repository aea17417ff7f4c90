using static TorchSharp.torch;

namespace Acceleration;

/// <summary>
/// DEIS (Zhang and Chen, 2023), multistep in log ρ: ε as a polynomial in ln(σ/α) through the last predictions, integrated exactly. One network call per step. Latents in half precision are up-cast to
/// float32 within a step and cast back.
/// </summary>
/// <param name="Order">Most predictions a step rests on, 1 to 3: 2 under guidance, 3 without. Order 1 is DDIM.</param>
[Entry("deis", "deis")]
[UsualSchedule(typeof(MultistepGrid))]
public sealed record Deis(int Order = 2) : ISolver
{
    private const int FewSteps = 15;

    /// <summary>Most predictions a step rests on.</summary>
    [InTag("o")]
    [Within(1, 3)]
    public int Order { get; init => field = Require.Within(1, 3, value); } = Require.Within(1, 3, Order, nameof(Order));

    /// <summary>Whether runs of fewer than 15 steps end with lower orders. A step that ends clean always has order 1.</summary>
    [InTag("whole")]
    public bool LowerOrderFinal { get; init; } = true;

    /// <inheritdoc/>
    public string Name => "deis";

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
        var (leading, m0) = (now.LeadingEpsilonOfX0, now.EpsilonOfX0);

        using var scope = NewDisposeScope();
        var (from, to, x, history) = (grid.Points[step], grid.Targets[step], Wide.Of(state.Latents), state.History);
        var order = OrderAt(grid, step, history.Length);
        Tensor moved;
        if (order == 1)
        {
            var terms = DpmTerms.Of(DpmAlgorithm.Noise, from, to);
            moved = x.Times(terms.Latents).Increase(Wide.Of(leading).Times(terms.First));
        }
        else
        {
            var terms = DeisTerms.Of(to, order == 2 ? [from, grid.Points[step - 1]] : [from, grid.Points[step - 1], grid.Points[step - 2]]);
            moved = x.Over(from.Alpha).Increase(Wide.Of(m0).Times(terms[0]));
            for (var i = 1; i < order; i++)
            {
                moved.Increase(Wide.Of(history[i - 1]).Times(terms[i]));
            }

            if (!ReferenceEquals(leading, m0))
            {
                // The coefficients add up to that of order 1, of which the leading term alone is another.
                moved.Increase((Wide.Of(leading) - Wide.Of(m0)).Times((to.Sigma / to.Alpha) - (from.Sigma / from.Alpha)));
            }

            moved = moved.Times(to.Alpha);
        }

        var mean = Wide.Result(moved, state.Latents.dtype);
        return new(mean, null, new(mean, [.. history.Prepend(m0).Take(Order - 1)]));
    }

    private int OrderAt(Schedule grid, int step, int remembered)
    {
        var (left, few) = (grid.Steps - 1 - step, LowerOrderFinal && grid.WholeSteps < FewSteps);
        return Order == 1 || remembered == 0 || (left == 0 && few) || grid.Targets[step].Sigma == 0 ? 1
            : Order == 2 || remembered == 1 || (left == 1 && few) ? 2
            : 3;
    }
}
