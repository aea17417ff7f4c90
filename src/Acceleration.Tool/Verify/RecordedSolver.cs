using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>
/// A sampling run whose latents are recorded: whatever is predicted, step k sees <c>latents[k]</c>. So decisions and combinations can be compared with records,
/// undisturbed by what they did to the trajectory.
/// </summary>
/// <param name="latents">Latents of each step, [steps, samples, channels, ...].</param>
/// <param name="seen">Told the output that each step gave its solver, guidance applied.</param>
internal sealed class RecordedSolver(Tensor latents, Action<int, Prediction>? seen = null) : ISolver
{
    public string Name => "recorded";

    /// <summary>As many steps as there are latents, on a flow's noise levels.</summary>
    public Schedule Grid { get; } = Schedule.Through("recorded", [.. Enumerable.Range(0, (int)latents.size(0) + 1).Select(k =>
    {
        var sigma = 1 - ((float)k / latents.size(0));
        return new GridPoint(1000 * sigma, 1 - sigma, sigma);
    })]);

    public int Calls(Schedule grid, int step) => 1;

    public SolverInput Input(in SolverState state, Schedule grid, int step, int call) => new(state.Latents, state.Latents, grid.Points[step]);

    public SolverUpdate Step(in SolverState state, Schedule grid, int step, int call, Prediction now)
    {
        seen?.Invoke(step, now);
        var next = latents[Math.Min(step + 1, latents.size(0) - 1)];
        return new(next, null, state with { Latents = next });
    }
}
