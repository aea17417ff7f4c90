namespace Acceleration;

/// <summary>
/// The adaptive caching scheduler of BAC (Ji et al., 2025, arXiv 2506.13456): the steps at which one block is computed, the best of their number, from how alike its outputs are in a recorded run. Found by dynamic
/// programming in O(updates · steps²). Schedules of single blocks are made fit for each other by <see cref="BubblingUnion"/>.
/// </summary>
public static class BlockSchedules
{
    /// <summary>The best steps for a number of updates.</summary>
    /// <param name="similarity">
    /// [steps, steps]: how alike the outputs of steps a and t ≥ a are (entries [a, t]), published as their cosine; distances with their sign turned serve as well. Entries below the diagonal are not read.
    /// </param>
    /// <param name="updates">Computed steps, 1 to all; the first step is always one.</param>
    /// <param name="objective">What is made as large as possible.</param>
    /// <returns>The computed steps, ascending from 0. Of several that are equally good, those that come first.</returns>
    /// <exception cref="ArgumentException">The matrix is not square, or an entry on or above the diagonal is not finite.</exception>
    public static IReadOnlyList<int> Of(double[,] similarity, int updates, SegmentObjective objective = SegmentObjective.Anchor)
    {
        var steps = Checked(similarity, nameof(similarity));
        Require.Within(1, steps, updates, nameof(updates));
        var sums = Sums(similarity, steps, objective);

        // best[m][e]: the best score of the first e + 1 steps with m + 1 updates; start[m][e]: the last of these.
        var best = new double[updates][];
        var start = new int[updates][];
        for (var m = 0; m < updates; m++)
        {
            (best[m], start[m]) = (new double[steps], new int[steps]);
            for (var end = m; end < steps; end++)
            {
                best[m][end] = double.NegativeInfinity;
                for (var from = m; from <= (m == 0 ? 0 : end); from++)
                {
                    var score = (m == 0 ? 0 : best[m - 1][from - 1]) + sums[from, end];
                    if (score > best[m][end])
                    {
                        (best[m][end], start[m][end]) = (score, from);
                    }
                }
            }
        }

        var chosen = new int[updates];
        for (var (m, end) = (updates - 1, steps - 1); m >= 0; m--)
        {
            chosen[m] = start[m][end];
            end = chosen[m] - 1;
        }

        return chosen;
    }

    /// <summary>By how much an output changes over a run: the mean distance of two steps.</summary>
    /// <param name="distances">[steps, steps]: the distance of the outputs of steps t &lt; u (entries [t, u]), published as their mean absolute difference.</param>
    public static double Volatility(double[,] distances)
    {
        var steps = Checked(distances, nameof(distances));
        var sum = 0.0;
        for (var t = 0; t < steps; t++)
        {
            for (var u = t + 1; u < steps; u++)
            {
                sum += distances[t, u];
            }
        }

        return steps == 1 ? 0 : 2 * sum / (steps * (steps - 1.0));
    }

    /// <summary>The same steps and all from one on: published for the last ones of DDPM with 100 steps, where the variance is small and errors stay.</summary>
    /// <param name="steps">Computed steps, ascending.</param>
    /// <param name="first">The first step from which on all are computed.</param>
    /// <param name="count">Steps of the run.</param>
    public static IReadOnlyList<int> ForceFrom(IReadOnlyList<int> steps, int first, int count)
    {
        ArgumentNullException.ThrowIfNull(steps);
        Require.AtLeast(0, first, nameof(first));
        return [.. steps.Where(s => s < first), .. Enumerable.Range(first, Math.Max(0, count - first))];
    }

    /// <summary>sums[a, e]: what steps a..e are worth where a alone is computed.</summary>
    private static double[,] Sums(double[,] similarity, int steps, SegmentObjective objective)
    {
        var sums = new double[steps, steps];
        for (var a = 0; a < steps; a++)
        {
            sums[a, a] = objective == SegmentObjective.Anchor ? similarity[a, a] : 0;
            for (var t = a + 1; t < steps; t++)
            {
                sums[a, t] = sums[a, t - 1] + similarity[objective == SegmentObjective.Anchor ? a : t - 1, t];
            }
        }

        return sums;
    }

    /// <summary>Steps of a matrix over pairs of them, whose upper triangle is finite.</summary>
    internal static int Checked(double[,] matrix, string name)
    {
        ArgumentNullException.ThrowIfNull(matrix, name);
        var steps = matrix.GetLength(0);
        if (steps == 0 || matrix.GetLength(1) != steps)
        {
            throw new ArgumentException($"A matrix over pairs of steps is [steps, steps] with at least one; got [{steps}, {matrix.GetLength(1)}].", name);
        }

        for (var i = 0; i < steps; i++)
        {
            for (var j = i; j < steps; j++)
            {
                if (!double.IsFinite(matrix[i, j]))
                {
                    throw new ArgumentException(FormattableString.Invariant($"Entry [{i}, {j}] is {matrix[i, j]}; all on and above the diagonal must be finite."), name);
                }
            }
        }

        return steps;
    }
}
