namespace Acceleration;

/// <summary>Thresholds that meet a budget.</summary>
internal static class Thresholds
{
    private const double Highest = 1e6;
    private const int Halvings = 80;

    /// <summary>The smallest threshold that is good, rounded up where that is good as well; found by halving, so that larger ones should be good, too.</summary>
    /// <returns>Null where the highest is not good.</returns>
    public static double? Smallest(Func<double, bool> isGood)
    {
        if (isGood(0))
        {
            return 0;
        }

        var (bad, good) = (0.0, Highest);
        if (!isGood(good))
        {
            return null;
        }

        for (var i = 0; i < Halvings; i++)
        {
            var middle = (good + bad) / 2;
            (bad, good) = isGood(middle) ? (bad, middle) : (middle, good);
        }

        // Four digits are enough for people.
        var unit = Math.Pow(10, Math.Floor(Math.Log10(good)) - 3);
        var round = Math.Round(Math.Ceiling(good / unit) * unit, 12);
        return isGood(round) ? round : good;
    }

    /// <summary>The smallest good threshold.</summary>
    /// <exception cref="ArgumentException">None computes so few steps.</exception>
    public static double ForBudget(int computed, int steps, Func<double, int> computedWith)
    {
        Require.Within(1, steps, computed, nameof(computed));
        return Smallest(t => computedWith(t) <= computed)
            ?? throw new ArgumentException($"No threshold computes as few as {computed} of {steps} steps: {computedWith(Highest)} is the least with these settings.", nameof(computed));
    }
}
