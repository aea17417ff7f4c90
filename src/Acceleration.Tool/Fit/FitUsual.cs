namespace Acceleration.Tool;

/// <summary>What a <c>fit</c> takes where nothing is said.</summary>
/// <param name="File">The plan that it writes.</param>
/// <param name="Steps">Solver steps.</param>
/// <param name="Trajectories">Trajectories that are sampled.</param>
/// <param name="Batch">Trajectories that are sampled together.</param>
/// <param name="Seed">Seed of the first.</param>
internal sealed record FitUsual(string File, int Steps, int Trajectories, int Batch, long Seed);
