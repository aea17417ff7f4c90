namespace Acceleration;

/// <summary>A description of stages of different resolution, from which a network's stages are made: the part of a plan that says how big.</summary>
public interface IStaging
{
    /// <summary>The solver it was published with.</summary>
    ISolver UsualSolver(DenoiserInfo network);

    /// <summary>The stages on a network.</summary>
    /// <exception cref="ArgumentException">The stages do not fit each other or the network.</exception>
    IReadOnlyList<Stage> On(DenoiserInfo network);
}
