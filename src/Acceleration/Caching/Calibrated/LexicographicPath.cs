namespace Acceleration;

/// <summary>
/// LeMiCa's choice of computed steps (2025, arXiv 2511.00090), for the whole run at once: computed steps are a path from the first to the last, each of whose edges costs what the picture loses where only the steps between its
/// ends are skipped. Best is the path whose costs, the largest first, come first in lexicographic order: the worst segment is as good as it can be, then the second worst, and so on.
/// </summary>
public static class LexicographicPath
{
    /// <summary>The computed steps.</summary>
    /// <param name="errors">[steps, steps]: entry [i, j], i &lt; j, is the error of the result where steps i and j are computed and those between them are not, at least 0; published as the mean absolute difference. NaN for segments that are not
    /// allowed or were not measured. Neighbours have no step between them: their entries are not read and cost nothing.</param>
    /// <param name="computed">How many steps are computed, the first and the last among them.</param>
    /// <returns>Ascending from 0 to the last step.</returns>
    /// <exception cref="ArgumentException">The matrix is not square, or an error is negative.</exception>
    /// <exception cref="InvalidOperationException">So few steps need longer segments than are known.</exception>
    public static IReadOnlyList<int> Of(double[,] errors, int computed)
    {
        ArgumentNullException.ThrowIfNull(errors);
        var steps = errors.GetLength(0);
        if (steps == 0 || errors.GetLength(1) != steps)
        {
            throw new ArgumentException($"Errors are [steps, steps] with at least one step; got [{steps}, {errors.GetLength(1)}].", nameof(errors));
        }

        Require.Within(Math.Min(2, steps), steps, computed, nameof(computed));

        // Costs of the best path with k edges to each step, the largest first; null where there is none. The order of two such lists stays the same when one number is added to both, so that parts of a best path are best.
        var costs = new double[computed][][];
        var before = new int[computed][];
        (costs[0], before[0]) = (new double[steps][], new int[steps]);
        costs[0][0] = [];
        for (var k = 1; k < computed; k++)
        {
            (costs[k], before[k]) = (new double[steps][], new int[steps]);
            for (var to = k; to < steps; to++)
            {
                for (var from = k - 1; from < to; from++)
                {
                    if (costs[k - 1][from] is { } path && Cost(errors, from, to) is var cost && !double.IsNaN(cost) && With(path, cost) is var longer && (costs[k][to] is null || Compare(longer, costs[k][to]) < 0))
                    {
                        (costs[k][to], before[k][to]) = (longer, from);
                    }
                }
            }
        }

        if (costs[^1][^1] is null)
        {
            throw new InvalidOperationException($"No {computed} of {steps} steps are joined by segments whose error is known: measure longer ones, or compute more steps.");
        }

        var chosen = new int[computed];
        for (var (k, step) = (computed - 1, steps - 1); k >= 0; k--)
        {
            chosen[k] = step;
            step = before[k][step];
        }

        return chosen;
    }

    private static double Cost(double[,] errors, int from, int to) =>
        to == from + 1 ? 0
        : errors[from, to] < 0 ? throw new ArgumentException(FormattableString.Invariant($"Entry [{from}, {to}] is {errors[from, to]}; errors are at least 0."), nameof(errors))
        : errors[from, to];

    private static double[] With(double[] descending, double cost)
    {
        var at = Array.FindIndex(descending, c => c < cost);
        return at < 0 ? [.. descending, cost] : [.. descending[..at], cost, .. descending[at..]];
    }

    private static int Compare(double[] a, double[] b) => a.AsSpan().SequenceCompareTo(b);
}
