using static TorchSharp.torch;

namespace Acceleration;

/// <summary>
/// Linear multistep (Adams-Bashforth on uneven levels) in sigma space: the slopes of the last steps are extended by the polynomial through them, which is integrated exactly. One network call in each step. The history holds
/// slopes, newest first. Computes in the dtype of the latents.
/// </summary>
[Entry("lms", "lms")]
[UsualSchedule(typeof(SigmaGrid))]
public sealed record Lms : ISolver
{
    /// <summary>The highest order.</summary>
    public const int HighestOrder = 16;

    /// <summary>Slopes in use, 1 to <see cref="HighestOrder"/>; fewer in the first steps.</summary>
    [InTag("o")]
    [Within(1, HighestOrder)]
    public int Order { get; init => field = Require.Within(1, HighestOrder, value); } = 4;

    /// <inheritdoc/>
    public string Name => "lms";

    /// <inheritdoc/>
    public string? Refuse(Schedule grid) => SigmaLevels.Why(grid);

    /// <inheritdoc/>
    public int Calls(Schedule grid, int step) => 1;

    /// <inheritdoc/>
    public SolverInput Input(in SolverState state, Schedule grid, int step, int call) => SigmaLevels.Input(state.Latents, grid.Points[step]);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The schedule is not one of sigma space.</exception>
    public SolverUpdate Step(in SolverState state, Schedule grid, int step, int call, Prediction now)
    {
        SigmaLevels.Require(grid, step, "LMS");
        var order = Math.Min(state.History.Length + 1, Order);
        var weights = LagrangeWeights.Of([.. Enumerable.Range(0, order).Select(j => (double)grid.Points[step - j].Sigma)], grid.Targets[step].Sigma);
        var (x0, leading) = (now.X0, now.LeadsApart ? now.LeadingEpsilon : null);

        using var scope = NewDisposeScope();
        var slope = (now.X - x0).Over(now.At.Sigma);
        var change = slope.Times(weights[0]);
        for (var j = 1; j < order; j++)
        {
            change = change.Plus(state.History[j - 1].Times(weights[j]));
        }

        // What a hook has changed enters the first-order term alone.
        change = leading is null ? change : change.Plus((leading - slope).Times(grid.Targets[step].Sigma - grid.Points[step].Sigma));
        var mean = state.Latents.Plus(change).MoveToOuterDisposeScope();
        return new(mean, null, new(mean, Order == 1 ? [] : [slope.MoveToOuterDisposeScope(), .. state.History.Take(Order - 2)]));
    }
}
