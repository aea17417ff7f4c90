namespace Acceleration;

/// <summary>
/// SmoothCache's schedule (Liu et al., 2024, arXiv 2411.10510): from each computed step on as many steps reuse its output as the error measured at the last of them allows. One schedule for all parts of a kind.
/// </summary>
public static class SmoothSchedule
{
    /// <summary>The computed steps.</summary>
    /// <param name="errors">
    /// [lookback, steps]: entry [j − 1, i] is what reusing the output of step i at step i + j costs, published as ‖fᵢ − fᵢ₊ⱼ‖₁/‖fᵢ₊ⱼ‖₁, the mean over blocks and recorded runs, for j up to 3. NaN forbids; entries
    /// beyond the last step are not read.
    /// </param>
    /// <param name="threshold">α, at least 0; published 0.08 to 0.35.</param>
    /// <returns>Ascending from 0; the last step is always one.</returns>
    /// <exception cref="ArgumentException">There is no step.</exception>
    public static IReadOnlyList<int> Of(double[,] errors, double threshold)
    {
        ArgumentNullException.ThrowIfNull(errors);
        Require.AtLeast(0.0, threshold, nameof(threshold));
        var (lookback, steps) = (errors.GetLength(0), errors.GetLength(1));
        if (steps == 0)
        {
            throw new ArgumentException($"Errors are [lookback, steps] of at least one step; got [{lookback}, 0].", nameof(errors));
        }

        var computed = new List<int>();
        for (var step = 0; step < steps;)
        {
            computed.Add(step);

            // As published, what lies in between is not asked: the farthest that is near enough.
            var reused = Math.Min(lookback, steps - 1 - step);
            while (reused > 0 && !(errors[reused - 1, step] <= threshold))
            {
                reused--;
            }

            step += reused + 1;
        }

        return computed[^1] == steps - 1 ? computed : [.. computed, steps - 1];
    }
}
