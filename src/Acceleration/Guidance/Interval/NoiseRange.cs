namespace Acceleration;

/// <summary>
/// Steps by the noise level they start at, as σ/α: the σ of EDM and of sigma-space solvers, √((1 − ᾱ)/ᾱ) of variance-preserving schedules, σ/(1 − σ) of flow networks. The lower end is excluded, the upper included.
/// </summary>
/// <param name="Low">Lower end, at least 0; not included.</param>
/// <param name="High">Upper end, at least 0, included; null for none.</param>
[Entry("noiseRange", "sigma")]
public sealed record NoiseRange(double Low = 0, double? High = null) : IGuidedSteps
{
    /// <summary>Lower end, not included.</summary>
    [InTag]
    [AtLeast(0)]
    public double Low { get; init => field = NotNegative(value, nameof(Low)); } = NotNegative(Low, nameof(Low));

    /// <summary>Upper end, included; null for none.</summary>
    [InTag("to")]
    [AtLeast(0)]
    public double? High { get; init => field = NotNegative(value); } = NotNegative(High);

    /// <inheritdoc/>
    public bool Includes(Schedule grid, int step)
    {
        ArgumentNullException.ThrowIfNull(grid);
        var at = grid.Points[step];
        var level = (double)at.Sigma / at.Alpha;
        return level > Low && (High is null || level <= High);
    }

    /// <inheritdoc/>
    public string? Refuse(RunInfo info) => High < Low ? FormattableString.Invariant($"its interval of noise levels ends at {High}, below its begin at {Low}.") : null;

    private static double? NotNegative(double? value) => value is { } given ? NotNegative(given, nameof(High)) : null;

    private static double NotNegative(double value, string name) => Require.AtLeast(0.0, Require.Finite(value, name), name);
}
