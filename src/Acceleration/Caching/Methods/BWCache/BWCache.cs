namespace Acceleration;

/// <summary>
/// BWCache (2025, arXiv 2509.13789), reconstructed from its description: every block decides for itself by the relative change of its input, and repeats its last output. One read from the device for each block. For each block a tensor of each branch and one more of the sample are held.
/// </summary>
/// <param name="Threshold">δ, at least 0; 0 never skips.</param>
/// <param name="MaxSkip">Most steps in a row that a block is left out; 0 for no bound.</param>
[Entry("bwCache", "BW")]
public sealed record BWCache(double Threshold, int MaxSkip = 0) : CacheMethod
{
    /// <summary>δ.</summary>
    [InTag]
    [AtLeast(0)]
    public double Threshold { get; init => field = Require.AtLeast(0.0, value); } = Require.AtLeast(0.0, Threshold, nameof(Threshold));

    /// <summary>Most steps in a row that a block is left out.</summary>
    [InTag("m")]
    [AtLeast(0)]
    public int MaxSkip { get; init => field = Require.AtLeast(0, value); } = Require.AtLeast(0, MaxSkip, nameof(MaxSkip));

    /// <summary>Computed steps at the start.</summary>
    [InTag("w")]
    [AtLeast(0)]
    public int Warmup { get; init => field = Require.AtLeast(0, value); } = 3;

    /// <summary>What is reused: outputs as described, or residuals, which follow the input.</summary>
    [InTag]
    public Quantity Reuse { get; init; } = Quantity.Output;

    /// <summary>One in so many tokens is measured, at least 1. Published: 1.</summary>
    [InTag("s")]
    [AtLeast(1)]
    public int Stride { get; init => field = Require.AtLeast(1, value); } = 1;

    /// <inheritdoc/>
    public override IReadOnlyList<Cached> Parts => [new(Where.Blocks, new InputChange(Threshold, Warmup) { MaxSkip = MaxSkip, EachSite = true, Stride = Stride }, new How(Reuse))];
}
