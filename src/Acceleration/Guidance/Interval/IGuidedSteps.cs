namespace Acceleration;

/// <summary>The steps in which guidance acts, known before the run.</summary>
public interface IGuidedSteps
{
    /// <summary>Whether a step of a schedule is guided. A step of several network calls is asked about once, by where it starts.</summary>
    /// <param name="grid">Noise levels of the stage.</param>
    /// <param name="step">0-based step of the stage, 0 the noisiest.</param>
    bool Includes(Schedule grid, int step);

    /// <summary>Why it means nothing in such a run, or null.</summary>
    string? Refuse(RunInfo info) => null;
}
