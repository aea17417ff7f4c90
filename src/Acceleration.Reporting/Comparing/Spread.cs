namespace Acceleration.Reporting;

/// <summary>Repeated measurements in three numbers.</summary>
/// <param name="Median">The middle one, or the mean of the two in the middle.</param>
/// <param name="Min">The smallest.</param>
/// <param name="Max">The largest.</param>
public readonly record struct Spread(double Median, double Min, double Max)
{
    /// <summary>Summarises measurements.</summary>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static Spread Of(IReadOnlyList<double> values)
    {
        if (values.Count == 0)
        {
            throw new ArgumentException("There is no median of no measurements.", nameof(values));
        }

        double[] sorted = [.. values.Order()];
        var half = sorted.Length / 2;
        return new(sorted.Length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2, sorted[0], sorted[^1]);
    }
}
