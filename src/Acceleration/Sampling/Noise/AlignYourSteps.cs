using System.Collections.Immutable;

namespace Acceleration;

/// <summary>
/// Align Your Steps (Sabour et al., 2024, arXiv 2404.14507): noise levels for few steps, optimised for a network. Eleven of them are published for each, S = σ/α from noisy to clean; the last one is that of the cleanest training step, in whose
/// place runs end at 0.
/// </summary>
public static class AlignYourSteps
{
    private static readonly ImmutableArray<double> Stable = [14.615, 6.475, 3.861, 2.697, 1.886, 1.396, 0.963, 0.652, 0.399, 0.152, 0.029];
    private static readonly ImmutableArray<double> StableXL = [14.615, 6.315, 3.771, 2.181, 1.342, 0.862, 0.555, 0.380, 0.234, 0.113, 0.029];
    private static readonly ImmutableArray<double> StableVideo = [700, 54.5, 15.886, 7.977, 4.248, 1.789, 0.981, 0.403, 0.173, 0.034, 0.002];

    /// <summary>The published noise levels.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No member of the enumeration.</exception>
    public static IReadOnlyList<double> Published(AlignYourStepsModel model) => model switch
    {
        AlignYourStepsModel.StableDiffusion => Stable,
        AlignYourStepsModel.StableDiffusionXL => StableXL,
        AlignYourStepsModel.StableVideoDiffusion => StableVideo,
        _ => throw new ArgumentOutOfRangeException(nameof(model), model, "Unknown model."),
    };

    /// <summary>The published training steps of ten steps, or null for a network that is told the noise level itself.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No member of the enumeration.</exception>
    public static IReadOnlyList<int>? PublishedTimesteps(AlignYourStepsModel model) => model switch
    {
        AlignYourStepsModel.StableDiffusion => [999, 850, 736, 645, 545, 455, 343, 233, 124, 24],
        AlignYourStepsModel.StableDiffusionXL => [999, 845, 730, 587, 443, 310, 193, 116, 53, 13],
        AlignYourStepsModel.StableVideoDiffusion => null,
        _ => throw new ArgumentOutOfRangeException(nameof(model), model, "Unknown model."),
    };

    /// <summary>Levels for any number of steps: the published ones for ten, else their logarithms read off at even distances over the index, as the authors do.</summary>
    /// <param name="model">The network.</param>
    /// <param name="steps">N, at least 1.</param>
    /// <returns>N + 1 levels, the last of which is the smallest one.</returns>
    public static double[] Levels(AlignYourStepsModel model, int steps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        var published = Published(model);
        if (steps == published.Count - 1)
        {
            return [.. published];
        }

        return Array.ConvertAll(NumericRange.Linspace(0, published.Count - 1, steps + 1), place =>
        {
            var below = Math.Min((int)place, published.Count - 2);
            var (from, to) = (Math.Log(published[below]), Math.Log(published[below + 1]));
            return Math.Exp(from + ((to - from) * (place - below)));
        });
    }
}
