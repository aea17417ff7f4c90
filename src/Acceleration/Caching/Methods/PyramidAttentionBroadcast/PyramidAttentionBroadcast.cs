namespace Acceleration;

/// <summary>
/// Pyramid Attention Broadcast (Zhao et al., 2024, arXiv 2408.12588): in the middle of the trajectory attention is computed in every n-th step and repeated in between, cross-attention the longest, that over space the shortest; feed-forward parts after listed times. One tensor
/// for each attention is held.
/// </summary>
/// <param name="Spatial">N of self-attention, at least 1. Published: 2.</param>
/// <param name="Temporal">N of attention over time, at least 1; null where the network has none. Published: 3 (Latte), 4 (Open-Sora).</param>
/// <param name="Cross">N of cross-attention, at least 1; null where the network has none. Published: 6.</param>
[Entry("pyramidAttentionBroadcast", "PAB")]
public sealed record PyramidAttentionBroadcast(int Spatial = 2, int? Temporal = null, int? Cross = null) : CacheMethod
{
    /// <summary>N of self-attention.</summary>
    [InTag]
    [AtLeast(1)]
    public int Spatial { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, Spatial, nameof(Spatial));

    /// <summary>N of attention over time.</summary>
    [InTag("t")]
    [AtLeast(1)]
    public int? Temporal { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, Temporal, nameof(Temporal));

    /// <summary>N of cross-attention.</summary>
    [InTag("x")]
    [AtLeast(1)]
    public int? Cross { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, Cross, nameof(Cross));

    /// <summary>Times of the network up to this one are computed. Published: 100 (Latte, CogVideoX), 450 (Open-Sora).</summary>
    [InTag("a")]
    public double Above { get; init => field = Require.Finite(value); } = 100;

    /// <summary>Times of the network from this one on are computed. Published: 800 (Latte), 850 (CogVideoX), 930 (Open-Sora).</summary>
    [InTag("b")]
    public double Below { get; init => field = Require.Finite(value); } = 800;

    /// <summary>Whether what the gate made is repeated, as published; else what is given to it, which then follows the present step, as in diffusers.</summary>
    [InTag("g")]
    public bool Gated { get; init; } = true;

    /// <summary>Times of the network after which feed-forward parts are repeated for some steps; none for never. Published: 676, 788, 864 (Open-Sora), 720, 640, 560, 480, 400 (Latte), each the nearest step of the run.</summary>
    [InTag("m")]
    public IReadOnlyList<double> FeedForward { get; init => field = value is { Count: 0 } ? ValueList.Of(value) : Require.Finite(value); } = ValueList.Of<double>([]);

    /// <summary>Steps that they are repeated for after each of these times, at least 1. Published: 2.</summary>
    [InTag("n")]
    [AtLeast(1)]
    public int FeedForwardSteps { get; init => field = Require.AtLeast(1, value); } = 2;

    /// <summary>Blocks at the front whose feed-forward parts are repeated, at least 1. Published: 5 (Open-Sora).</summary>
    [InTag("k")]
    [AtLeast(1)]
    public int FeedForwardBlocks { get; init => field = Require.AtLeast(1, value); } = 5;

    /// <inheritdoc/>
    public override IReadOnlyList<Cached> Parts =>
    [
        Part(Gated ? Where.GatedAttention : Where.Attention, Spatial),
        .. Temporal is { } time ? [Part(Gated ? Where.GatedTemporalAttention : Where.TemporalAttention, time)] : Array.Empty<Cached>(),
        .. Cross is { } text ? [Part(Where.CrossAttention, text)] : Array.Empty<Cached>(),
        .. FeedForward.Count > 0 ? [new((Gated ? Where.GatedFeedForward : Where.FeedForward).InBlocks(0, FeedForwardBlocks), new AfterTimes(FeedForward, FeedForwardSteps), How.LastValue)] : Array.Empty<Cached>(),
    ];

    private Cached Part(Where where, int every) => new(where, new TimedInterval(every, Above, Below), How.LastValue);
}
