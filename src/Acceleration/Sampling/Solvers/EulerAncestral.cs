namespace Acceleration;

/// <summary>
/// Euler's method that goes below the next level and noises up to it: x' = x + (x − x0)/σ·(σ_down − σ) + σ_up·n with σ_up² = σ'²·(σ² − σ'²)/σ² and σ_down² = σ'² − σ_up². Noise is drawn in every step, also in the last, where
/// its factor is 0. Latents in half precision are up-cast to float32 within a step and cast back.
/// </summary>
[Entry("eulerAncestral", "euler-a")]
[UsualSchedule(typeof(SigmaGrid))]
public sealed record EulerAncestral : ISolver
{
    /// <inheritdoc/>
    public string Name => "euler-a";

    /// <inheritdoc/>
    public bool TakesCleanAndNoiseApart => true;

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
        SigmaLevels.Require(grid, step, "Euler ancestral");
        var ancestral = AncestralLevels.Of(grid.Points[step].Sigma, grid.Targets[step].Sigma);
        return EulerStep.To(state, now, ancestral.Down, ancestral.Up);
    }
}
