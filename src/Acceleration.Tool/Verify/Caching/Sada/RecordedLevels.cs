using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>A run over recorded latents at a scheduler's own noise levels, with one step more, which sees the end.</summary>
/// <param name="scheduler">The scheduler.</param>
/// <param name="latents">Latents before each step and at the end, [steps + 1, samples, ...].</param>
internal sealed class RecordedLevels(StoredScheduler scheduler, Tensor latents) : ISolver
{
    public string Name => "recorded";

    /// <summary>The scheduler's levels and its end.</summary>
    public Schedule Grid { get; } = new("recorded", [.. scheduler.Grid.Points, scheduler.Grid.Targets[^1]], [.. scheduler.Grid.Targets, scheduler.Grid.Targets[^1]]);

    public int Calls(Schedule grid, int step) => 1;

    public SolverInput Input(in SolverState state, Schedule grid, int step, int call) => new(state.Latents, state.Latents, grid.Points[step]);

    public SolverUpdate Step(in SolverState state, Schedule grid, int step, int call, Prediction now)
    {
        var next = latents[Math.Min(step + 1, latents.size(0) - 1)];
        return new(next, null, state with { Latents = next });
    }
}
