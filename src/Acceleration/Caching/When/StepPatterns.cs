using System.Numerics;

namespace Acceleration;

/// <summary>Published schedules that depend on the number of steps alone, as the steps that they compute: for <see cref="AtSteps"/>. All ascend from 0.</summary>
public static class StepPatterns
{
    private const int MaskedSteps = 28;
    private const int LeastFirst = 4;

    /// <summary>FORA's every n-th step (Selvaraju et al., 2024, arXiv 2407.01425), counted from the end, so that the last one is computed; and the first.</summary>
    /// <param name="steps">Steps of the run, at least 1.</param>
    /// <param name="every">N, at least 1.</param>
    public static IReadOnlyList<int> FromEnd(int steps, int every)
    {
        Require.AtLeast(1, every, nameof(every));
        return [.. All(steps).Where(i => i == 0 || (steps - 1 - i) % every == 0)];
    }

    /// <summary>Every n-th step up to a boundary, every m-th from there on, and the last.</summary>
    /// <param name="steps">Steps of the run, at least 1.</param>
    /// <param name="boundary">First step of the rear part, which is computed; 0 to all.</param>
    /// <param name="front">N of the steps before it, at least 1.</param>
    /// <param name="rear">N of the others, at least 1.</param>
    public static IReadOnlyList<int> FrontRear(int steps, int boundary, int front, int rear)
    {
        Require.AtLeast(1, front, nameof(front));
        Require.AtLeast(1, rear, nameof(rear));
        Require.Within(0, Require.AtLeast(1, steps, nameof(steps)), boundary, nameof(boundary));
        return [.. All(steps).Where(i => (i < boundary ? i % front : (i - boundary) % rear) == 0 || i == steps - 1)];
    }

    /// <summary>The schedule of Spectrum, stable-diffusion.cpp's cache mode: computes a warm-up, then after ever longer windows, and the end.</summary>
    /// <param name="steps">Steps of the run, at least 1.</param>
    /// <param name="warmup">Steps computed at the start, at least 1.</param>
    /// <param name="window">Distance from the last warm-up step to the next computed one, rounded down; at least 1.</param>
    /// <param name="growth">What is added to it after each computed step, at least 0.</param>
    /// <param name="stop">Share of the steps after which all are computed, 0 to 1.</param>
    public static IReadOnlyList<int> Spectrum(int steps, int warmup = 4, double window = 2, double growth = 0.5, double stop = 0.9)
    {
        Require.AtLeast(1, warmup, nameof(warmup));
        Require.AtLeast(1.0, Require.Finite(window), nameof(window));
        Require.AtLeast(0.0, Require.Finite(growth), nameof(growth));
        var end = (int)(Require.Within(0, 1.0, stop, nameof(stop)) * steps);
        List<int> computed = [];
        foreach (var i in All(steps))
        {
            if (i < warmup || i >= end || i - computed[^1] >= Math.Floor(window))
            {
                window += i < warmup || i >= end ? 0 : growth;
                computed.Add(i);
            }
        }

        return computed;
    }

    /// <summary>DeepCache's uneven steps (Ma et al., 2023, arXiv 2312.00858): dense around a centre, thinning out by a power law whose exponent is lowered by 0.02 until the number of steps fits.</summary>
    /// <param name="steps">Steps of the run, at least 1.</param>
    /// <param name="computed">How many are computed, 1 to all.</param>
    /// <param name="center">The step around which they are dense, 0 to all.</param>
    /// <param name="exponent">The exponent to begin with, above 1; published 1.2 and 1.4.</param>
    /// <exception cref="ArgumentException">No exponent above 1 gives this number.</exception>
    public static IReadOnlyList<int> PowerLaw(int steps, int computed, int center, double exponent = 1.2)
    {
        Require.Within(1, Require.AtLeast(1, steps, nameof(steps)), computed, nameof(computed));
        Require.Within(0, steps, center, nameof(center));
        for (var power = Require.Above(1, exponent, nameof(exponent)); power > 1; power -= 0.02)
        {
            // Roots of negative numbers are complex in the published program, which goes on with the real part, cut off.
            var (from, to) = (Complex.Pow(-center, 1 / power), Complex.Pow(steps - center, 1 / power));
            int[] at = [.. Enumerable.Range(0, computed + 1).Select(k => (int)Complex.Pow(from + ((to - from) * k / computed), power).Real + center).Distinct().Order()];
            if (at.Length == computed + 1)
            {
                return [0, .. at[1..^1]];
            }
        }

        throw new ArgumentException(FormattableString.Invariant($"No exponent from {exponent} down to 1 gives {computed} of {steps} steps around step {center}; change their number, or the centre."), nameof(computed));
    }

    /// <summary>The computed steps of a mask, scaled from 28 steps by proportion: the first run keeps at least 4, each other one at least 1, and the last step is computed.</summary>
    /// <param name="mask">Which.</param>
    /// <param name="steps">Steps of the run, at least 1.</param>
    public static IReadOnlyList<int> Masked(Scm mask, int steps)
    {
        // Lengths of runs, computed and skipped in turn.
        int[] runs = mask switch
        {
            Scm.Slow => [8, 1, 3, 2, 3, 2, 2, 2, 1, 3, 1],
            Scm.Medium => [6, 1, 2, 3, 2, 3, 2, 3, 2, 3, 1],
            Scm.Fast => [6, 1, 1, 3, 1, 4, 1, 5, 1, 4, 1],
            Scm.Ultra => [4, 2, 1, 5, 1, 6, 1, 7, 1],
            _ => throw new ArgumentOutOfRangeException(nameof(mask), mask, "There is no such mask."),
        };
        Require.AtLeast(1, steps, nameof(steps));
        List<int> computed = [];
        var (end, published) = (0, 0);
        for (var run = 0; run < runs.Length; run++)
        {
            published += runs[run];
            var isComputed = run % 2 == 0;
            var least = end + (run == 0 ? LeastFirst : isComputed ? 1 : 0);
            var next = Math.Min(steps, Math.Max(least, (int)Math.Round((double)published * steps / MaskedSteps, MidpointRounding.AwayFromZero)));
            computed.AddRange(isComputed ? Enumerable.Range(end, next - end) : []);
            end = next;
        }

        return computed[^1] == steps - 1 ? computed : [.. computed, steps - 1];
    }

    private static IEnumerable<int> All(int steps) => Enumerable.Range(0, Require.AtLeast(1, steps, nameof(steps)));
}
