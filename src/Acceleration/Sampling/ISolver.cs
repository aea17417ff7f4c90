namespace Acceleration;

/// <summary>
/// How a prediction moves the latents: pure functions over (state, grid, prediction). A solver holds no state of a request;
/// what it remembers lies in <see cref="SolverState"/>, so one solver serves any number of requests and a session can be cloned.
/// </summary>
public interface ISolver
{
    /// <summary>Short name for reports and tags, for example <c>ddim</c>.</summary>
    string Name { get; }

    /// <summary>
    /// Whether a step is α'·x0 + σ'·ε of the prediction's leading terms, so that x0 and ε may come from different guidance (CFG++). Solvers that keep a history or draw their own
    /// direction are not.
    /// </summary>
    bool TakesCleanAndNoiseApart => false;

    /// <summary>Standard deviation of fresh noise that is added to the latents before the step's first call (churn of Karras et al., 2022, algorithm 2); 0 for none, and nothing is drawn.</summary>
    double NoiseBefore(Schedule grid, int step) => 0;

    /// <summary>Why this solver cannot work with a network, as the end of a sentence that begins with its name; null where it can. Asked when a sampler is built.</summary>
    string? RefuseNetwork(DenoiserInfo network) => null;

    /// <summary>Why this solver cannot keep predicted clean samples within bounds, as the end of a sentence that begins with its name; null where it does. Asked when a sampler with bounds is built.</summary>
    string? RefuseClip() => null;

    /// <summary>Why this solver cannot follow a schedule, asked once when a sampler is built; null where it can.</summary>
    string? Refuse(Schedule grid) => null;

    /// <summary>Network calls in this step: 1 for most, 2 for Heun (1 in its last step).</summary>
    int Calls(Schedule grid, int step);

    /// <summary>What the network is asked in call <paramref name="call"/> of step <paramref name="step"/>.</summary>
    SolverInput Input(in SolverState state, Schedule grid, int step, int call);

    /// <summary>Moves the latents with the prediction just made.</summary>
    SolverUpdate Step(in SolverState state, Schedule grid, int step, int call, Prediction now);
}
