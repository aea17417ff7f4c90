namespace Acceleration.Reporting;

/// <summary>The computed steps of one place.</summary>
/// <param name="Name">The place.</param>
/// <param name="Computed">0-based steps.</param>
public sealed record StepStrip(string Name, IReadOnlyList<int> Computed);
