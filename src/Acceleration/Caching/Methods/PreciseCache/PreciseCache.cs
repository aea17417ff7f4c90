namespace Acceleration;

/// <summary>
/// The steps of PreciseCache (2026, arXiv 2603.00976), reconstructed from its description: network calls are skipped while the low frequencies of the output move little, and the last increment is added to the fresh input. Its blocks are
/// <see cref="InputChange"/> at <see cref="Where.Blocks"/>, each for itself.
/// </summary>
/// <param name="Threshold">τ, at least 0; 0 never skips.</param>
/// <param name="Scale">Side of the squares of latents that are averaged, at least 1.</param>
/// <param name="MaxSkip">Most skipped steps in a row; 0 for no bound.</param>
[Entry("preciseCache", "PC")]
public sealed record PreciseCache(double Threshold, int Scale = 4, int MaxSkip = 0) : CacheMethod
{
    /// <summary>τ.</summary>
    [InTag]
    [AtLeast(0)]
    public double Threshold { get; init => field = Require.AtLeast(0.0, value); } = Require.AtLeast(0.0, Threshold, nameof(Threshold));

    /// <summary>Side of the squares of latents that are averaged.</summary>
    [InTag("x")]
    [AtLeast(1)]
    public int Scale { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, Scale, nameof(Scale));

    /// <summary>Most skipped steps in a row; 0 for no bound.</summary>
    [InTag("m")]
    [AtLeast(0)]
    public int MaxSkip { get; init => field = Require.AtLeast(0, value); } = Require.AtLeast(0, MaxSkip, nameof(MaxSkip));

    /// <summary>Steps computed at the start.</summary>
    [InTag("w")]
    [AtLeast(0)]
    public int Warmup { get; init => field = Require.AtLeast(0, value); } = 3;

    /// <summary>What is reused.</summary>
    [InTag]
    public Quantity Reuse { get; init; } = Quantity.Residual;

    /// <inheritdoc/>
    public override IReadOnlyList<Cached> Parts => [new(Where.Network, new LowFrequencyDrift(Threshold, Scale, Warmup) { MaxSkip = MaxSkip }, new How(Reuse))];
}
