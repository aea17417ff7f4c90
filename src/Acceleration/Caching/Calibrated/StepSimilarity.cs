namespace Acceleration;

/// <summary>
/// Step Rehash's rule (Zhan et al., 2024, arXiv 2411.01171) for steps that reuse what a UNet's inner part made: as long as that is alike. Its program was not published: the rule is read from the paper's figures and text.
/// Published runs compute 13 of 25 steps: every second one and the last.
/// </summary>
public static class StepSimilarity
{
    /// <summary>The computed steps.</summary>
    /// <param name="similarity">[steps, steps]: how alike the features of steps i and j ≥ i are (entries [i, j]), published as their cosine in a recorded run.</param>
    /// <param name="least">ρ: what is less alike is computed. Above 1 all steps are.</param>
    /// <param name="mostReused">Most steps in a row that reuse, at least 0; published 1.</param>
    /// <returns>Ascending from 0; the last step is always one.</returns>
    /// <exception cref="ArgumentException">The matrix is not square, or an entry on or above the diagonal is not finite.</exception>
    public static IReadOnlyList<int> Steps(double[,] similarity, double least = 0.95, int mostReused = 1)
    {
        var steps = BlockSchedules.Checked(similarity, nameof(similarity));
        Require.Finite(least);
        Require.AtLeast(0, mostReused, nameof(mostReused));
        List<int> computed = [0];
        for (var step = 1; step < steps; step++)
        {
            var last = computed[^1];
            if (step == steps - 1 || step - last > mostReused || similarity[last, step] < least)
            {
                computed.Add(step);
            }
        }

        return computed;
    }
}
