namespace Acceleration;

/// <summary>
/// MagCache's calibration (Ma et al., 2025, arXiv 2506.09045): by how much the magnitude of a residual changes from step to step, which hardly depends on the prompt. What <see cref="MagnitudeRatio"/> and
/// <see cref="MagnitudeSchedule"/> need.
/// </summary>
public static class MagnitudeRatios
{
    /// <summary>Added to the norm that is divided by, so that a residual of zeros has a ratio.</summary>
    private const double Least = 1e-8;

    /// <summary>γ of each step: the mean over tokens of ‖rᵢ‖/‖rᵢ₋₁‖, norms over channels. The first is 1.</summary>
    /// <param name="norms">For each step of a run the norm of each token's residual, at least 0; as many tokens in each step.</param>
    /// <exception cref="ArgumentException">No step, other tokens in one than in the first, or a number that is no norm.</exception>
    public static IReadOnlyList<double> FromNorms(IReadOnlyList<IReadOnlyList<double>> norms)
    {
        ArgumentNullException.ThrowIfNull(norms);
        if (norms.Count == 0 || norms[0].Count == 0)
        {
            throw new ArgumentException("Magnitude ratios need the norms of at least one step and one token.", nameof(norms));
        }

        for (var i = 0; i < norms.Count; i++)
        {
            if (norms[i].Count != norms[0].Count || norms[i].Any(n => !(n >= 0) || double.IsInfinity(n)))
            {
                throw new ArgumentException($"Step {i} has {norms[i].Count} norms of tokens where step 0 has {norms[0].Count}, or one that is not a finite number of at least 0.", nameof(norms));
            }
        }

        return [1, .. Enumerable.Range(1, norms.Count - 1).Select(i => norms[i].Zip(norms[i - 1], (now, before) => now / (before + Least)).Average())];
    }

    /// <summary>The ratios of another number of steps: of each step that nearest to it in the trajectory, ties to the even one, as published. A longer or shorter step has no other ratio: calibrate anew where it matters.</summary>
    /// <param name="ratios">γ of each step.</param>
    /// <param name="steps">Steps wanted, at least 1.</param>
    public static IReadOnlyList<double> Resample(IReadOnlyList<double> ratios, int steps)
    {
        var known = Checked(ratios, nameof(ratios));
        Require.AtLeast(1, steps, nameof(steps));
        return [.. Enumerable.Range(0, steps).Select(i => known[Nearest(i, steps, known.Count)])];
    }

    /// <summary>The step of one trajectory that lies nearest to a step of another; ties to the even one.</summary>
    internal static int Nearest(int step, int of, int count) => of == 1 ? 0 : (int)Math.Round((double)step * (count - 1) / (of - 1), MidpointRounding.ToEven);

    internal static IReadOnlyList<double> Checked(IReadOnlyList<double> ratios, string name)
    {
        ArgumentNullException.ThrowIfNull(ratios, name);
        return ratios.Count > 0 && ratios.All(r => r > 0 && double.IsFinite(r)) ? ValueList.Of(ratios)
            : throw new ArgumentException($"Magnitude ratios are finite numbers above 0, one for each step; got [{PlanException.Shorten(string.Join(", ", ratios.Select(r => FormattableString.Invariant($"{r}"))))}].", name);
    }
}
