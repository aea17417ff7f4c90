using Acceleration.Reporting;

namespace Acceleration.Tool;

/// <summary>What a calibration found.</summary>
/// <param name="Strategy">The strategy with its parameters.</param>
/// <param name="Measured">What was measured, in one line.</param>
/// <param name="Budget">What is computed by it, in one line.</param>
/// <param name="Curve">The measurement as a picture.</param>
internal sealed record Learned(IStrategy Strategy, string Measured, string Budget, MeasuredCurve Curve);
