namespace Acceleration;

/// <summary>
/// FasterCache (Lv et al., 2024, arXiv 2410.19355), both of its parts: late in the trajectory self-attention is computed in every n-th step and continued by a damped line in between, and the unconditional branch is evaluated in every m-th
/// step and made of the conditional one's output in between, by bands of spatial frequency. <see cref="CfgCache"/> is the second part alone. Holds two tensors for each attention and row, and two latents per sample.
/// </summary>
/// <param name="Attention">N of self-attention, at least 1; 1 computes all. Published: 2.</param>
/// <param name="Correction">M of the unconditional branch, at least 1; null where there is no guidance. Published: 5.</param>
[Entry("fasterCache", "FC")]
public sealed record FasterCache(int Attention = 2, int? Correction = 5) : CacheMethod
{
    /// <summary>N of self-attention.</summary>
    [InTag]
    [AtLeast(1)]
    public int Attention { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, Attention, nameof(Attention));

    /// <summary>M of the unconditional branch.</summary>
    [InTag("c")]
    [AtLeast(1)]
    public int? Correction { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, Correction, nameof(Correction));

    /// <summary>N of attention over time, at least 1; null where the network has none. Published: 2.</summary>
    [InTag("t")]
    [AtLeast(1)]
    public int? Temporal { get; init => field = Require.AtLeast(1, value); }

    /// <summary>Share of the last difference that is added to the last attention. Published: 0.5 (Latte), rising (Open-Sora).</summary>
    [InTag("w")]
    public double Weight { get; init => field = Require.Finite(value); } = 0.5;

    /// <summary>Attention is computed at times of the network up to this one.</summary>
    [InTag("a")]
    public double AttentionAbove { get; init => field = Require.Finite(value); } = -1;

    /// <summary>Attention is computed at times of the network from this one on.</summary>
    [InTag("b")]
    public double AttentionBelow { get; init => field = Require.Finite(value); } = 681;

    /// <summary>The unconditional branch is evaluated at times up to this one.</summary>
    [InTag("after")]
    public double CorrectionAbove { get; init => field = Require.Finite(value); } = -1;

    /// <summary>The unconditional branch is evaluated at times from this one on.</summary>
    [InTag("before")]
    public double CorrectionBelow { get; init => field = Require.Finite(value); } = 641;

    /// <summary>How the unconditional branch is made: factors on both bands of the correction and the times at which they apply.</summary>
    [InTag(":")]
    public IHow Bands { get; init; } = new FrequencySplit(Quantity.Residual) { LowFactor = 1.1, HighFactor = 1.1 };

    /// <summary>Whether attention is made up only in steps that leave the unconditional branch out, and from what it was in the last two steps, computed or made up, as in diffusers; else in its own turns, from what was computed last, as published.</summary>
    [InTag("d")]
    public bool Chained { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<Cached> Parts =>
    [
        Part(Where.Attention, Attention),
        .. Temporal is { } time ? [Part(Where.TemporalAttention, time)] : Array.Empty<Cached>(),
        .. Turns is { } turns ? [new(Where.CorrectionOf(Branch.Unconditional), turns, Bands)] : Array.Empty<Cached>(),
    ];

    private TimedInterval? Turns => Correction is { } every ? new(every, CorrectionAbove, CorrectionBelow) : null;

    private Cached Part(Where where, int every)
    {
        var own = new TimedInterval(every, AttentionAbove, AttentionBelow);
        return new(where, Chained && Turns is { } turns ? new Both(own, turns) : own, new How(Quantity.Output, new Damped(Weight) { Undivided = true }, Abscissa.Step) { Chained = Chained });
    }
}
