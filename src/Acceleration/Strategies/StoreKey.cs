namespace Acceleration;

/// <summary>What is remembered, where, and in which network call of a step. The row is the rest of the key.</summary>
/// <param name="Name">Name within the run.</param>
/// <param name="Site">Index of the site, or -1.</param>
/// <param name="Call">Network call within the step, so that two-stage solvers keep theirs apart.</param>
public readonly record struct StoreKey(string Name, int Site = -1, int Call = 0);
