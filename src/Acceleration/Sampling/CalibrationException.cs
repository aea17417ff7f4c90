namespace Acceleration;

/// <summary>A plan was made for something else than what it is to run on.</summary>
public sealed class CalibrationException : InvalidOperationException
{
    /// <summary>Names every part that differs.</summary>
    public CalibrationException(IReadOnlyList<string> differences)
        : base($"The plan was calibrated for something else: {string.Join("; ", differences)}. Calibrate anew, or apply it with force: true.") => Differences = differences;

    /// <summary>The parts that differ: what the plan was made for, and what is here.</summary>
    public IReadOnlyList<string> Differences { get; }
}
