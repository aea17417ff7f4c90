namespace Acceleration;

/// <summary>
/// Euler's method in sigma space (Karras et al., 2022): x' = x + (x − x0)/σ·(σ' − σ). Equals <see cref="Ddim"/> at the same levels. Latents in half precision are up-cast to float32 within a step and cast back.
/// </summary>
[Entry("euler", "euler")]
[UsualSchedule(typeof(SigmaGrid))]
public sealed record Euler : ISolver
{
    /// <summary>Fresh noise in each step; null for none. It is added after the network was asked, which saw the level before.</summary>
    [InTag("churn")]
    public Churn? Churn { get; init; }

    /// <inheritdoc/>
    public string Name => "euler";

    /// <inheritdoc/>
    public bool TakesCleanAndNoiseApart => Churn is null;

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
        SigmaLevels.Require(grid, step, "Euler");
        var (start, to) = (grid.Points[step], grid.Targets[step].Sigma);
        var raised = Churn?.Raised(start.Sigma, grid.WholeSteps) ?? start.Sigma;
        return raised == start.Sigma ? EulerStep.To(state, now, to) : EulerStep.FromRaised(state, now, ReadAt(now.Type, start, raised), raised, to, Churn!.Deviation(start.Sigma, raised));
    }

    /// <summary>An ε of the old level is taken for one of the raised level; v is read at the old one.</summary>
    internal static GridPoint ReadAt(PredictionType type, GridPoint start, float raised) => type == PredictionType.Epsilon ? start with { Sigma = raised } : start;
}
