namespace Acceleration;

/// <summary>
/// First-Block Cache (ParaAttention; diffusers): the first block of a chain always runs, and where what it adds differs little from what it added in the last computed step, the rest adds what it added then.
/// Wants a network whose blocks are one chain.
/// </summary>
/// <param name="Threshold">τ, at least 0; 0 never skips. Published: 0.05 to 0.12.</param>
[Entry("firstBlockCache", "FBC")]
public sealed record FirstBlockCache(double Threshold) : CacheMethod
{
    /// <summary>τ.</summary>
    [InTag]
    [AtLeast(0)]
    public double Threshold { get; init => field = Require.AtLeast(0.0, value); } = Require.AtLeast(0.0, Threshold, nameof(Threshold));

    /// <summary>Computed steps at the start. Published: none.</summary>
    [InTag("w")]
    [AtLeast(0)]
    public int Warmup { get; init => field = Require.AtLeast(0, value); }

    /// <summary>Computed steps at the end. Published: none.</summary>
    [InTag("t")]
    [AtLeast(0)]
    public int Tail { get; init => field = Require.AtLeast(0, value); }

    /// <summary>Most skipped steps in a row; 0 for no bound, as published.</summary>
    [InTag("m")]
    [AtLeast(0)]
    public int MaxSkip { get; init => field = Require.AtLeast(0, value); }

    /// <summary>Whether a change that equals the threshold skips, as in diffusers; in ParaAttention it does not.</summary>
    [InTag("i")]
    public bool Inclusive { get; init; }

    /// <summary>Whether guidance branches decide apart, as published; a fresh term may then meet a stale one.</summary>
    [InTag("b")]
    public bool Apart { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<Cached> Parts =>
        [new(Where.Chain, new FirstBlocksChange(Threshold, Warmup, Tail, MaxSkip) { Inclusive = Inclusive, Apart = Apart }, How.LastResidual) { Range = new MiddleBlocks(1) }];
}
