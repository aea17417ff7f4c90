namespace Acceleration;

/// <summary>
/// Token merging for diffusion (Bolya and Hoffman, "Token Merging for Fast Stable Diffusion", arXiv 2303.17604): in every block, the tokens most similar to one token of their
/// cell are merged into it before attention, and get its output afterwards. One plan serves the block's parts. Where no block around a part holds its tokens (an attention straight in a UNet's cut, a block of a picture's shape),
/// the part plans for itself, from its own input: after the norm, not before it.
/// </summary>
/// <param name="Ratio">Share of tokens merged away, 0 to below 1; 0 merges none. At most 1 − 1/(StrideX·StrideY) are. Published: 0.5.</param>
[Entry("tomesd", "TM")]
public sealed record ToMeSD(double Ratio = 0.5) : IStrategy
{
    /// <summary>Share of tokens merged away.</summary>
    [InTag]
    [Within(0, 1, OpenAbove = true)]
    public double Ratio { get; init => field = Share(value); } = Share(Ratio);

    /// <summary>Width of a cell, in tokens.</summary>
    [InTag("sx")]
    [AtLeast(1)]
    public int StrideX { get; init => field = Require.AtLeast(1, value); } = 2;

    /// <summary>Height of a cell, in tokens.</summary>
    [InTag("sy")]
    [AtLeast(1)]
    public int StrideY { get; init => field = Require.AtLeast(1, value); } = 2;

    /// <summary>Whether a cell's destination is drawn anew for each plan; its first token otherwise. Drawn from the seed, step and block, not from the request's noise.</summary>
    [InTag("fixed")]
    public bool Random { get; init; } = true;

    /// <summary>Seed of the draws.</summary>
    [InTag("seed")]
    [AtLeast(0)]
    public int Seed { get; init => field = Require.AtLeast(0, value); }

    /// <summary>Which parts of a block run on merged tokens.</summary>
    [InTag(":")]
    public MergedParts Parts { get; init; } = MergedParts.Attention;

    /// <summary>
    /// Blocks merge while one side of their token grid is at most this many times shorter than the network's finest; 1 merges at the finest resolution alone, as
    /// published.
    /// </summary>
    [InTag("d")]
    [AtLeast(1)]
    public int MaxDownsample { get; init => field = Require.AtLeast(1, value); } = 1;

    /// <summary>Consecutive blocks that use one plan, made by the first of them that is run. The publication plans in every block.</summary>
    [InTag("b")]
    [AtLeast(1)]
    public int Blocks { get; init => field = Require.AtLeast(1, value); } = 1;

    /// <summary>Steps that use one plan. The publication plans in every step.</summary>
    [InTag("e")]
    [AtLeast(1)]
    public int Every { get; init => field = Require.AtLeast(1, value); } = 1;

    /// <inheritdoc/>
    public string Tag => PlanTag.Of(this);

    /// <inheritdoc/>
    public Requirements Needs => new()
    {
        Sites = [new(Where.Blocks, HookPhase.Tokens) { IsOptional = true }, .. Merged.Select(w => new SiteClaim(w, HookPhase.Tokens))],
        // A row without a shared plan has all rows planned anew.
        DependsOnBatch = Blocks > 1 || Every > 1 ? BatchDependence.WhereSamplesDiffer : BatchDependence.None,
        NeverActs = info => MergeAdvice.NeverActs(this, Merged, info.Network.Sites),
        Advise = info => MergeAdvice.For(this, info.Network),
    };

    private IEnumerable<Where> Merged =>
    [
        .. Parts.HasFlag(MergedParts.Attention) ? new[] { Where.Attention } : [],
        .. Parts.HasFlag(MergedParts.CrossAttention) ? new[] { Where.CrossAttention } : [],
        .. Parts.HasFlag(MergedParts.FeedForward) ? new[] { Where.FeedForward } : [],
    ];

    /// <inheritdoc/>
    public IRun Begin(RunInfo info, RunStore store) => new ToMeSDRun(this, info.Network, store);

    private static double Share(double value) =>
        value is >= 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(Ratio), value, "The share of tokens merged away is a number of at least 0 and below 1.");
}
