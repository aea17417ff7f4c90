namespace Acceleration;

/// <summary>The log-SNR of a noise level that has one, and a stand-in where signal or noise is exactly 0.</summary>
internal static class FiniteLogSnr
{
    public static double Of(double logSnr, Schedule grid)
    {
        if (double.IsFinite(logSnr))
        {
            return logSnr;
        }

        // The two finite levels that lie nearest to the infinite one.
        var sign = double.IsPositiveInfinity(logSnr) ? 1 : -1;
        var (nearest, next) = (double.NegativeInfinity, double.NegativeInfinity);
        foreach (var point in grid.Points.Add(grid.Targets[^1]))
        {
            var level = sign * point.LogSnr;
            if (double.IsFinite(level) && level > nearest)
            {
                (nearest, next) = (level, nearest);
            }
            else if (double.IsFinite(level) && level > next && level < nearest)
            {
                next = level;
            }
        }

        // A schedule without two such levels has no distance: any does, as nothing can be continued there.
        return sign * (!double.IsFinite(nearest) ? 1 : nearest + (double.IsFinite(next) ? nearest - next : 1));
    }
}
