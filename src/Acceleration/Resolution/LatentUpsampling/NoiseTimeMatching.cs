using static TorchSharp.torch;

namespace Acceleration;

/// <summary>
/// Puts upsampled noisy latents of a flow back on its trajectory (RALU, Jeong et al., 2025, arXiv 2507.08422). Doubling by nearest pixel makes the noise equal within blocks of 2×2; noise of the
/// opposite correlation and a step back in time make it white again: x = a·Up(x_e) + b·z, z ~ N(0, I − c·S) with S ones within a block.
/// </summary>
/// <param name="End">e = 1 − σ at which the smaller stage ended, 0 to below 1.</param>
/// <param name="Correlation">c, above 0 and at most 1/4. Smaller keeps closer to white noise and steps further back in time. Published: 0.0177 to 0.0586.</param>
public sealed record NoiseTimeMatching(double End, double Correlation)
{
    /// <summary>e = 1 − σ at which the smaller stage ended.</summary>
    public double End { get; init => field = Below1(value); } = Below1(End);

    /// <summary>c.</summary>
    public double Correlation { get; init => field = AtMostQuarter(value); } = AtMostQuarter(Correlation);

    /// <summary>σ at which the larger stage starts, d/(d + e) with d = (1 − e)/√c.</summary>
    public double StartSigma => Distance / (Distance + End);

    private double Distance => (1 - End) / Math.Sqrt(Correlation);

    /// <summary>a·x + b·z.</summary>
    /// <param name="upsampled">Noisy latents doubled by nearest pixel, [samples, channels, ..., height, width] with even sides.</param>
    /// <param name="noise">Unit normal noise of that shape.</param>
    /// <exception cref="ArgumentException">A side is odd.</exception>
    public Tensor Apply(Tensor upsampled, Tensor noise)
    {
        long high = noise.size(-2), wide = noise.size(-1);
        if (high % 2 != 0 || wide % 2 != 0)
        {
            throw new ArgumentException($"Blocks of 2×2 need even sides, not {high} × {wide}.", nameof(noise));
        }

        using var scope = NewDisposeScope();

        // S is 4·P with P the mean of a block, so (I − c·S) has the root I − (1 − √(1 − 4c))·P.
        var blocks = noise.reshape(-1, high / 2, 2, wide / 2, 2);
        var white = blocks - blocks.mean([2, 4], keepdim: true).Times(1 - Math.Sqrt(1 - (4 * Correlation)));
        return upsampled.Times(1 / (Distance + End)).Plus(white.view(noise.shape).Times(StartSigma)).MoveToOuterDisposeScope();
    }

    private static double Below1(double value) =>
        value is >= 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(End), value, "The end of a stage lies between 0 (noise) and below 1 (clean).");

    private static double AtMostQuarter(double value) =>
        value is > 0 and <= 0.25 ? value : throw new ArgumentOutOfRangeException(nameof(Correlation), value, "The correlation lies above 0 and is at most 1/4.");
}
