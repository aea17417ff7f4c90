using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>A solver that tells what comes of each network call, by the call's number over the whole run; where latents are recorded, every call starts from these.</summary>
/// <param name="inner">The solver.</param>
/// <param name="grid">Its noise levels.</param>
/// <param name="seen">Told number, prediction and update of each call.</param>
/// <param name="recorded">Latents before each call and after the last, [calls + 1, samples, ...]; null to run freely.</param>
internal sealed class FollowedSolver(ISolver inner, Schedule grid, Action<int, Prediction, SolverUpdate> seen, Tensor? recorded = null) : ISolver
{
    private readonly Dictionary<(int, int), int> _numbers = SolverStep.Calls(grid, inner).ToDictionary(c => (c.Step, c.Call), c => c.Index);

    public string Name => inner.Name;

    public bool TakesCleanAndNoiseApart => inner.TakesCleanAndNoiseApart;

    /// <summary>Network calls of a run.</summary>
    public int Count => _numbers.Count;

    /// <summary>The number of a call.</summary>
    public int NumberOf(StepInfo step) => _numbers[(step.Index, step.Call)];

    public double NoiseBefore(Schedule grid, int step) => inner.NoiseBefore(grid, step);

    public string? Refuse(Schedule grid) => inner.Refuse(grid);

    public int Calls(Schedule grid, int step) => inner.Calls(grid, step);

    public SolverInput Input(in SolverState state, Schedule grid, int step, int call) => inner.Input(At(state, _numbers[(step, call)]), grid, step, call);

    public SolverUpdate Step(in SolverState state, Schedule grid, int step, int call, Prediction now)
    {
        var number = _numbers[(step, call)];
        var update = inner.Step(At(state, number), grid, step, call, now);
        seen(number, now, update);
        return recorded is null ? update : update with { Mean = recorded[number + 1], NoiseScale = null };
    }

    private SolverState At(in SolverState state, int number) => recorded is null ? state : state with { Latents = recorded[number] };
}
