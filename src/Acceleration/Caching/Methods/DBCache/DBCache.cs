namespace Acceleration;

/// <summary>
/// DBCache (cache-dit): <see cref="FirstBlockCache"/> with several blocks at the front and at the rear that always run, a warm-up, limits, step masks, and any approximation of what the blocks between add.
/// </summary>
/// <param name="Threshold">τ, at least 0; 0 never skips, 1 and more always. Published: 0.08, and 0.12 to 0.2 for more speed.</param>
/// <param name="Front">F: blocks at the front that always run, at least 1. Published: 8.</param>
/// <param name="Back">B: blocks at the rear that always run. Published: 0 and 8.</param>
[Entry("dbCache", "DB")]
public sealed record DBCache(double Threshold = 0.08, int Front = 8, int Back = 0) : CacheMethod
{
    /// <summary>τ.</summary>
    [InTag]
    [AtLeast(0)]
    public double Threshold { get; init => field = Require.AtLeast(0.0, value); } = Require.AtLeast(0.0, Threshold, nameof(Threshold));

    /// <summary>F: blocks at the front that always run.</summary>
    [InTag("f")]
    [AtLeast(1)]
    public int Front { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, Front, nameof(Front));

    /// <summary>B: blocks at the rear that always run.</summary>
    [InTag("b")]
    [AtLeast(0)]
    public int Back { get; init => field = Require.AtLeast(0, value); } = Require.AtLeast(0, Back, nameof(Back));

    /// <summary>W: computed steps at the start. Published: 8.</summary>
    [InTag("w")]
    [AtLeast(0)]
    public int Warmup { get; init => field = Require.AtLeast(0, value); } = 8;

    /// <summary>Of the steps of the warm-up one in so many is computed, the first among them; the others are decided on as all later ones. Published: 1.</summary>
    [InTag("v")]
    [AtLeast(1)]
    public int WarmupInterval { get; init => field = Require.AtLeast(1, value); } = 1;

    /// <summary>Most skipped steps in a row; 0 for no bound.</summary>
    [InTag("m")]
    [AtLeast(0)]
    public int MaxSkip { get; init => field = Require.AtLeast(0, value); }

    /// <summary>Most skipped steps of a stage; 0 for no bound.</summary>
    [InTag("n")]
    [AtLeast(0)]
    public int MaxSkipped { get; init => field = Require.AtLeast(0, value); }

    /// <summary>How what the blocks between add is approximated; a residual, as outputs of another input do not follow the blocks that ran.</summary>
    [InTag(":")]
    public IHow How { get; init; } = Acceleration.How.LastResidual;

    /// <summary>What the changes of skipped steps in a row stay below, added up; 0 for no bound.</summary>
    [InTag("s")]
    [AtLeast(0)]
    public double MaxSummed { get; init => field = Require.AtLeast(0.0, value); }

    /// <summary>The step mask, whose computed steps are computed whatever the change; null for none. The warm-up comes on top.</summary>
    [InTag("k")]
    public Scm? Mask { get; init => field = value is { } mask ? new RunMask(mask).Mask : null; }

    /// <summary>Whether all steps that the mask leaves are skipped (its static policy), rather than those of little change (dynamic). The thresholds and limits then have nothing to say; without a mask this has no effect.</summary>
    [InTag("p")]
    public bool Static { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<Cached> Parts => [new(Where.Chain, When, How) { Range = new MiddleBlocks(Front, Back) }];

    private IWhen When => Mask is not { } mask ? Change : Static ? new RunMask(mask) : new Masked(new RunMask(mask), Change);

    private FirstBlocksChange Change => new(Threshold, Warmup, 0, MaxSkip) { MaxSkipped = MaxSkipped, MaxSummed = MaxSummed, WarmupInterval = WarmupInterval };
}
