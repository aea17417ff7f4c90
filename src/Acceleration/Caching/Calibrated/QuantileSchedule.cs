namespace Acceleration;

/// <summary>
/// A plan of steps for each module of a network by a quantile of recorded changes, after InvarDiff (2025, arXiv 2512.05134), reconstructed: of all changes from one step to the next, over modules and steps, so large a share counts as none. What
/// a module skips adds up, so that a run of small changes ends: the correction of its plan by what was really reused.
/// </summary>
public static class QuantileSchedule
{
    /// <summary>The computed steps of each module.</summary>
    /// <param name="changes">[modules, steps]: how much the output of a module in a step differs from that in the step before, relatively; at least 0. Entries of step 0 are not read.</param>
    /// <param name="quantile">q, 0 to 1: 0 skips nothing, 1 all but the first and last step where nothing but the largest change is in the way.</param>
    /// <param name="mostReused">Most skipped steps in a row, at least 0.</param>
    /// <returns>For each module its steps, ascending from 0; the last step is one of them.</returns>
    /// <exception cref="ArgumentException">There is no step, or a change is below 0 or not a number.</exception>
    public static IReadOnlyList<IReadOnlyList<int>> Of(double[,] changes, double quantile, int mostReused = 3)
    {
        ArgumentNullException.ThrowIfNull(changes);
        Require.Within(0, 1.0, quantile, nameof(quantile));
        Require.AtLeast(0, mostReused, nameof(mostReused));
        var (modules, steps) = (changes.GetLength(0), changes.GetLength(1));
        double[] all = [.. Enumerable.Range(0, modules).SelectMany(m => Enumerable.Range(1, Math.Max(0, steps - 1)).Select(i => changes[m, i])).Order()];
        if (steps == 0 || all.Any(c => double.IsNaN(c) || c < 0))
        {
            throw new ArgumentException($"Changes are [modules, steps] with at least one step, numbers of at least 0; got [{modules}, {steps}]{(steps == 0 ? "" : " with another")}.", nameof(changes));
        }

        // Changes below it are the share; at 0 there is none, at 1 it is the largest.
        var most = all.Length == 0 ? 0 : all[Math.Min(all.Length - 1, (int)(quantile * all.Length))];
        return [.. Enumerable.Range(0, modules).Select(m => Of(Enumerable.Range(0, steps).Select(i => changes[m, i]), steps, most, mostReused))];
    }

    private static List<int> Of(IEnumerable<double> changes, int steps, double most, int mostReused)
    {
        List<int> computed = [];
        var sum = 0.0;
        foreach (var (step, change) in changes.Index())
        {
            sum = step == 0 ? 0 : sum + change;
            if (step == 0 || step == steps - 1 || !(sum < most) || step - computed[^1] > mostReused)
            {
                computed.Add(step);
                sum = 0;
            }
        }

        return computed;
    }
}
