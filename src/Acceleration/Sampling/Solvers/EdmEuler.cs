namespace Acceleration;

/// <summary>
/// Euler's method for preconditioned networks (Karras et al., 2022), as <see cref="Euler"/>, but outputs are read at the raised level. Latents in half precision are up-cast to float32 within a step and cast back.
/// </summary>
[Entry("edmEuler", "edm-euler")]
[UsualSchedule(typeof(EdmGrid))]
public sealed record EdmEuler : ISolver
{
    /// <summary>Fresh noise in each step; null for none. It is added after the network was asked, which saw the level before; <see cref="EdmHeun"/> asks at the raised one.</summary>
    [InTag("churn")]
    public Churn? Churn { get; init; }

    /// <inheritdoc/>
    public string Name => "edm-euler";

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
        SigmaLevels.Require(grid, step, "EDM Euler");
        var (start, to) = (grid.Points[step], grid.Targets[step].Sigma);
        var raised = Churn?.Raised(start.Sigma, grid.WholeSteps) ?? start.Sigma;
        return raised == start.Sigma ? EulerStep.To(state, now, to) : EulerStep.FromRaised(state, now, start with { Sigma = raised }, raised, to, Churn!.Deviation(start.Sigma, raised));
    }
}
