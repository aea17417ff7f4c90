namespace Acceleration;

/// <summary>
/// MagCache's decision (Ma et al., 2025, arXiv 2506.09045) as the steps that it computes: given the ratios it depends on nothing else, so nothing has to be measured in a run. γ is multiplied up since the last
/// computed step, and what it departs from 1 by is summed; a step is skipped while that sum stays below a threshold.
/// </summary>
/// <param name="Threshold">δ, at least 0; published 0.04 to 0.24.</param>
/// <param name="MostSkipped">K, most skipped steps in a row, at least 0; published 1 to 6.</param>
/// <param name="Retained">R, share of the steps at the start that is computed, 0 to 1; published 0.1 to 0.4.</param>
public sealed record MagnitudeSchedule(double Threshold, int MostSkipped, double Retained)
{
    /// <summary>δ.</summary>
    public double Threshold { get; init => field = Require.AtLeast(0.0, value); } = Require.AtLeast(0.0, Threshold, nameof(Threshold));

    /// <summary>K.</summary>
    public int MostSkipped { get; init => field = Require.AtLeast(0, value); } = Require.AtLeast(0, MostSkipped, nameof(MostSkipped));

    /// <summary>R.</summary>
    public double Retained { get; init => field = Require.Within(0, 1.0, value); } = Require.Within(0, 1.0, Retained, nameof(Retained));

    /// <summary>Whether a sum equal to the threshold skips, too: so published for FLUX.</summary>
    public bool Inclusive { get; init; }

    /// <summary>Steps that are computed whatever the sum. Published for FLUX: step 11 of 28.</summary>
    public IReadOnlyList<int> Forced { get; init; } = [];

    /// <summary>Whether the last step is computed whatever the sum. Not so published.</summary>
    public bool ForceLast { get; init; }

    /// <summary>The computed steps of a run.</summary>
    /// <param name="ratios">γ of each step, see <see cref="MagnitudeRatios"/>; as many as the run has steps.</param>
    public IReadOnlyList<int> Steps(IReadOnlyList<double> ratios)
    {
        var known = MagnitudeRatios.Checked(ratios, nameof(ratios));
        var retained = Math.Max(1, (int)((Retained * known.Count) + 0.5));
        var computed = new List<int>();
        var (ratio, error, run) = (1.0, 0.0, 0);
        for (var step = 0; step < known.Count; step++)
        {
            if (step >= retained)
            {
                ratio *= known[step];
                error += Math.Abs(1 - ratio);
                run++;
            }

            var skips = step >= retained && (Inclusive ? error <= Threshold : error < Threshold) && run <= MostSkipped;
            if (!skips || Forced.Contains(step) || (ForceLast && step == known.Count - 1))
            {
                computed.Add(step);
                (ratio, error, run) = (1, 0, 0);
            }
        }

        return computed;
    }

    /// <inheritdoc/>
    public bool Equals(MagnitudeSchedule? other) => other is not null && Threshold == other.Threshold && MostSkipped == other.MostSkipped && Retained == other.Retained
        && Inclusive == other.Inclusive && ForceLast == other.ForceLast && Forced.SequenceEqual(other.Forced);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Threshold, MostSkipped, Retained, Inclusive, ForceLast, Forced.Count);
}
