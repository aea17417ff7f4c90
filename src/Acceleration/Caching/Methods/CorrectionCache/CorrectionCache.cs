namespace Acceleration;

/// <summary>
/// Deviation caching of IF-V2V (arXiv 2509.21917), reconstructed, for any correction: what a guidance branch brings is computed anew once it will have changed by a share, and the condition's branch in every step. Holds two latents per
/// sample and a number.
/// </summary>
/// <param name="Threshold">δ: summed relative change up to which the correction is kept, at least 0; 0 computes it always. Our choice is 0.1, the paper's value is not known to us.</param>
[Entry("correctionCache", "CORR")]
public sealed record CorrectionCache(double Threshold = 0.1) : CacheMethod
{
    /// <summary>δ.</summary>
    [InTag]
    [AtLeast(0)]
    public double Threshold { get; init => field = Require.AtLeast(0.0, value); } = Require.AtLeast(0.0, Threshold, nameof(Threshold));

    /// <summary>The branch; null for all beyond the conditional one.</summary>
    [InTag("b")]
    [AtLeast(Acceleration.Branch.Unconditional)]
    public int? Branch { get; init => field = Require.AtLeast(Acceleration.Branch.Unconditional, value); }

    /// <summary>What is kept: the branch's difference from the condition's, or its output, where that is a correction by itself, as with <see cref="SamplerBuilder.EditFrom"/>.</summary>
    [InTag]
    public Quantity Reuse { get; init; } = Quantity.Residual;

    /// <summary>W: steps computed at the start, at least 2.</summary>
    [InTag("w")]
    [AtLeast(2)]
    public int Warmup { get; init => field = Require.AtLeast(2, value); } = 2;

    /// <summary>Most skipped steps in a row; 0 for no bound.</summary>
    [InTag("m")]
    [AtLeast(0)]
    public int MaxSkip { get; init => field = Require.AtLeast(0, value); }

    /// <inheritdoc/>
    public override IReadOnlyList<Cached> Parts =>
    [
        new(Branch is { } one ? Where.CorrectionOf(one) : Where.Correction, new ChangeRate(Threshold) { Warmup = Warmup, MaxSkip = MaxSkip }, new How(Reuse)),
    ];

    /// <summary>For editing: keeps the deviation of the source (<see cref="SamplerBuilder.EditFrom"/>).</summary>
    /// <param name="threshold">δ, at least 0.</param>
    public static CorrectionCache OfDeviation(double threshold = 0.1) => new(threshold) { Branch = Acceleration.Branch.Other(0), Reuse = Quantity.Output };
}
