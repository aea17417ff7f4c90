namespace Acceleration.Tool;

/// <summary>A solver whose predictions somebody looks at on their way in.</summary>
internal sealed class WatchedSolver(ISolver inner, Action<int, Prediction> seen) : ISolver
{
    public string Name => inner.Name;

    public bool TakesCleanAndNoiseApart => inner.TakesCleanAndNoiseApart;

    public double NoiseBefore(Schedule grid, int step) => inner.NoiseBefore(grid, step);

    public string? RefuseNetwork(DenoiserInfo network) => inner.RefuseNetwork(network);

    public string? RefuseClip() => inner.RefuseClip();

    public string? Refuse(Schedule grid) => inner.Refuse(grid);

    public int Calls(Schedule grid, int step) => inner.Calls(grid, step);

    public SolverInput Input(in SolverState state, Schedule grid, int step, int call) => inner.Input(state, grid, step, call);

    public SolverUpdate Step(in SolverState state, Schedule grid, int step, int call, Prediction now)
    {
        seen(step, now);
        return inner.Step(state, grid, step, call, now);
    }
}
