namespace Acceleration;

/// <summary>
/// How a prediction moves the latents: pure functions over (state, grid, prediction). A solver holds no state of a request;
/// what it remembers lies in <see cref="SolverState"/>, so one solver serves any number of requests and a session can be cloned.
/// </summary>
public interface ISolver
{
    /// <summary>Short name for reports and tags, for example <c>ddim</c>.</summary>
    string Name { get; }

    /// <summary>Network calls in this step: 1 for most, 2 for Heun (1 in its last step).</summary>
    int Calls(Schedule grid, int step);

    /// <summary>What the network is asked in call <paramref name="call"/> of step <paramref name="step"/>.</summary>
    SolverInput Input(in SolverState state, Schedule grid, int step, int call);

    /// <summary>Moves the latents with the prediction just made.</summary>
    SolverUpdate Step(in SolverState state, Schedule grid, int step, int call, Prediction now);
}
