namespace Acceleration;

/// <summary>How the predicted clean sample is bounded before a solver uses it.</summary>
/// <param name="Range">Plain clipping to ±Range, used where <paramref name="ThresholdingRatio"/> is null. Positive.</param>
/// <param name="ThresholdingRatio">
/// Dynamic thresholding (Saharia et al., 2022, Imagen): the quantile of |x0| taken per sample, 0..1; null for plain clipping.
/// </param>
/// <param name="MaxValue">Upper bound of that quantile; at least 1.</param>
public sealed record SampleClip(double Range = 1, double? ThresholdingRatio = null, double MaxValue = 1);
