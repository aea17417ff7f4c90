namespace Acceleration;

/// <summary>How the predicted clean sample is bounded before a solver uses it.</summary>
/// <param name="Range">Plain clipping to ±Range, used where <paramref name="ThresholdingRatio"/> is null. Positive.</param>
/// <param name="ThresholdingRatio">
/// Dynamic thresholding (Saharia et al., 2022, Imagen): the quantile of |x0| taken per sample, 0..1; null for plain clipping.
/// </param>
/// <param name="MaxValue">Upper bound of that quantile; at least 1.</param>
[Entry("clip", "clip")]
public sealed record SampleClip(double Range = 1, double? ThresholdingRatio = null, double MaxValue = 1)
{
    /// <summary>Bound on |x0| where there is no <see cref="ThresholdingRatio"/>.</summary>
    [InTag]
    [Above(0)]
    public double Range { get; init => field = Require.Above(0, value); } = Require.Above(0, Range, nameof(Range));

    /// <summary>The quantile of |x0| taken per sample; null for plain clipping.</summary>
    [InTag("q")]
    [Within(0, 1)]
    public double? ThresholdingRatio { get; init => field = Share(value); } = Share(ThresholdingRatio);

    /// <summary>Upper bound of that quantile.</summary>
    [InTag("m")]
    [AtLeast(1)]
    public double MaxValue { get; init => field = Require.AtLeast(1.0, value); } = Require.AtLeast(1.0, MaxValue, nameof(MaxValue));

    private static double? Share(double? value) =>
        value is null or (>= 0 and <= 1) ? value : throw new ArgumentOutOfRangeException(nameof(ThresholdingRatio), value, "Must be a number from 0 to 1.");
}
