namespace Acceleration;

/// <summary>A description of stages of different resolution, from which a network's stages are made: the part of a plan that says how big.</summary>
public interface IStaging
{
    /// <summary>The solver it was published with.</summary>
    ISolver UsualSolver(DenoiserInfo network);

    /// <summary>The stages on a network.</summary>
    /// <exception cref="ArgumentException">The stages do not fit each other or the network.</exception>
    IReadOnlyList<Stage> On(DenoiserInfo network);

    /// <summary>The same stages with fewer steps each: the control of what is stacked on them.</summary>
    /// <param name="share">Share of each stage's steps, above 0 and at most 1; a stage keeps one at least.</param>
    /// <exception cref="ArgumentOutOfRangeException">The share is not above 0 and at most 1.</exception>
    IStaging WithSteps(double share);
}
