namespace Acceleration.Reporting;

/// <summary>How far a comparison is.</summary>
/// <param name="Sweep">Running sweep, from 1; 0 while warming up.</param>
/// <param name="Sweeps">Sweeps in all, if time allows.</param>
/// <param name="Group">Group of the running sampler.</param>
/// <param name="Label">Label of the running sampler.</param>
/// <param name="Done">Solver steps done, over all sweeps and samplers, warm-up included.</param>
/// <param name="Total">Solver steps in all, if time allows.</param>
public sealed record ComparisonProgress(int Sweep, int Sweeps, string Group, string Label, int Done, int Total);
