namespace Acceleration;

/// <summary>
/// What the library tells <see cref="System.Diagnostics"/>: give these names to OpenTelemetry's <c>AddMeter</c> and <c>AddSource</c>. docs/serving.md lists instruments, units and tags. Where nobody
/// listens, nothing is recorded.
/// </summary>
public static class AccelerationTelemetry
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Acceleration";

    /// <summary>Name of the activity source.</summary>
    public const string ActivitySourceName = "Acceleration";
}
