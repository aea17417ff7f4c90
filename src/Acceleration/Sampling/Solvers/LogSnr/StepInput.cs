namespace Acceleration;

/// <summary>What one-call solvers in λ ask of the network.</summary>
internal static class StepInput
{
    /// <summary>The latents as they are; those of sigma-space grids, x0 + σ·ε, scaled to the variance the network was trained on.</summary>
    public static SolverInput Of(in SolverState state, Schedule grid, int step)
    {
        var at = grid.Points[step];
        return at.Alpha == 1 && at.Sigma > 0 ? SigmaLevels.Input(state.Latents, at) : new(state.Latents, state.Latents, at);
    }
}
