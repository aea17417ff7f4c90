namespace Acceleration;

/// <summary>Steps by the time their first network call is given (for example 0..999), both ends included.</summary>
/// <param name="Least">Smallest time, the end of the interval.</param>
/// <param name="Most">Largest time, its begin.</param>
[Entry("timeRange", "time")]
public sealed record TimeRange(double Least, double Most) : IGuidedSteps
{
    /// <summary>Smallest time.</summary>
    [InTag]
    public double Least { get; init => field = Require.Finite(value); } = Require.Finite(Least, nameof(Least));

    /// <summary>Largest time.</summary>
    [InTag("to")]
    public double Most { get; init => field = Require.Finite(value); } = Require.Finite(Most, nameof(Most));

    /// <inheritdoc/>
    public bool Includes(Schedule grid, int step)
    {
        ArgumentNullException.ThrowIfNull(grid);
        return grid.Points[step].Time is var time && time >= Least && time <= Most;
    }

    /// <inheritdoc/>
    public string? Refuse(RunInfo info) => Most < Least ? FormattableString.Invariant($"its times end at {Most}, below their begin at {Least}.") : null;
}
