namespace Acceleration;

/// <summary>
/// The last entry, scaled by how much the magnitude of such entries changes from step to step: the product of γ over the steps since. Meant for residuals with the ratios that MagCache (Ma et al., 2025,
/// arXiv 2506.09045) calibrates to decide <em>when</em> to skip; scaling by them, too, is ours. Exact where a residual keeps its direction. Keeps one entry.
/// </summary>
[Entry("magnitudeRatio", "mag")]
public sealed record MagnitudeRatio : IForecast
{
    /// <summary>Names the ratios.</summary>
    /// <param name="ratios">γ of each step, its magnitude over that of the step before; all above 0, one for each step of a run (see <see cref="MagnitudeRatios.Resample"/>). The first, of step 0, is not used.</param>
    /// <exception cref="ArgumentException">There is none, or one is not a finite number above 0.</exception>
    public MagnitudeRatio(IReadOnlyList<double> ratios) => Ratios = MagnitudeRatios.Checked(ratios, nameof(ratios));

    /// <summary>γ of each step.</summary>
    [InTag]
    public IReadOnlyList<double> Ratios { get; }

    /// <inheritdoc/>
    public string Tag => PlanTag.Of(this);

    /// <inheritdoc/>
    public int Depth => 1;

    /// <inheritdoc/>
    public int MostSteps => Ratios.Count;

    /// <inheritdoc/>
    public string? Refuse(Abscissa over) =>
        over != Abscissa.Step ? $"{nameof(MagnitudeRatio)} has ratios for steps, which {over} does not count; use {nameof(Abscissa)}.{nameof(Abscissa.Step)}." : null;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The target lies behind the last ratio.</exception>
    public double[] Weights(ReadOnlySpan<double> nodes, double target)
    {
        var (last, now) = ((int)Math.Round(nodes[0]), (int)Math.Round(target));
        if (now >= Ratios.Count)
        {
            throw new InvalidOperationException($"There are magnitude ratios for {Ratios.Count} steps, but this is step {now}, counted from 0; resample them to the steps of the run with {nameof(MagnitudeRatios)}.{nameof(MagnitudeRatios.Resample)}.");
        }

        var product = 1.0;
        for (var step = last + 1; step <= now; step++)
        {
            product *= Ratios[step];
        }

        return [product];
    }
}
