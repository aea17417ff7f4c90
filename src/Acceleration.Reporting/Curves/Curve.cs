namespace Acceleration.Reporting;

/// <summary>Points of one kind, by ascending <see cref="CurvePoint.X"/>.</summary>
/// <param name="Name">What they have in common, for example a solver.</param>
/// <param name="Points">At least one.</param>
public sealed record Curve(string Name, IReadOnlyList<CurvePoint> Points);
