namespace Acceleration;

/// <summary>
/// Heun's method of second order in sigma space: two network calls in each step, one in a last step that arrives at the clean sample. Computes in the dtype of the latents.
/// </summary>
[Entry("heun", "heun")]
[UsualSchedule(typeof(SigmaGrid))]
public sealed record Heun : ISolver
{
    /// <inheritdoc/>
    public string Name => "heun";

    /// <inheritdoc/>
    public string? Refuse(Schedule grid) => SigmaLevels.Why(grid);

    /// <inheritdoc/>
    public int Calls(Schedule grid, int step) => grid.Targets[step].Sigma == 0 ? 1 : 2;

    /// <inheritdoc/>
    public SolverInput Input(in SolverState state, Schedule grid, int step, int call) => SigmaLevels.Input(state.Latents, call == 0 ? grid.Points[step] : grid.Targets[step]);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The schedule is not one of sigma space.</exception>
    public SolverUpdate Step(in SolverState state, Schedule grid, int step, int call, Prediction now)
    {
        SigmaLevels.Require(grid, step, "Heun");
        var (slope, distance) = (EulerStep.Slope(now), grid.Targets[step].Sigma - grid.Points[step].Sigma);
        return call == 0 ? HeunStep.First(state, slope, distance, Calls(grid, step) == 1) : HeunStep.Second(state, slope, distance);
    }
}
