namespace Acceleration;

/// <summary>
/// Caching as one choice from each of three lists: <see cref="Where"/> work is skipped, <see cref="When"/>, and <see cref="How"/> its result is
/// approximated. Published methods are names for such choices (<see cref="CacheMethod"/>); any other combination runs too.
/// </summary>
/// <param name="Where">Sites at which the whole site is skipped.</param>
/// <param name="When">The decision.</param>
/// <param name="How">The approximation.</param>
[Entry("cached", "C")]
public sealed record Cached(Where Where, IWhen When, IHow How) : IStrategy
{
    /// <summary>Sites at which the whole site is skipped.</summary>
    [InTag(":")]
    public Where Where { get; init; } = Where;

    /// <summary>The decision.</summary>
    [InTag(":")]
    public IWhen When { get; init; } = When;

    /// <summary>The approximation.</summary>
    [InTag(":")]
    public IHow How { get; init; } = How;

    /// <inheritdoc/>
    public string Tag => PlanTag.Of(this);

    /// <summary>Which blocks are skipped where <see cref="Where"/> is a chain; all of them by default.</summary>
    [InTag("/")]
    public IRangeRule Range { get; init; } = AllBlocks.Instance;

    /// <inheritdoc/>
    public Requirements Needs => new()
    {
        Sites = [new(Where, HookPhase.Cache)],
        Signals = When.Signals,
        DecidesPerSample = When is not StaticWhen,
        // Where some samples are computed and others are not, one range is remembered; where all are, every range that a later step may skip.
        DependsOnBatch = Range is not AllBlocks ? BatchDependence.WhereSamplesDiffer : BatchDependence.None,
        Refuse = Refuse,
    };

    /// <inheritdoc/>
    public IRun Begin(RunInfo info, RunStore store) => Begin(info, store, Tag);

    internal IRun Begin(RunInfo info, RunStore store, string tag) => new CacheRun(this, tag, When.Begin(info, store, tag), store);

    /// <summary>Learned variance adds channels behind those of the latents: they are repeated, the others have a residual.</summary>
    private static bool HasResidual(Site site, DenoiserInfo network) =>
        site.Traits.HasFlag(SiteTraits.ShapePreserving) || (site.Kind == SiteKind.Network && network.LearnedVariance);

    private string? Refuse(RunInfo info)
    {
        var sites = info.Network.Sites.All.Where(Where.Matches).ToArray();
        if (How.Quantity == Quantity.Residual && Array.Find(sites, s => !HasResidual(s, info.Network)) is { } changing)
        {
            return $"a residual needs outputs of the input's shape, which {changing} does not have; reuse outputs instead.";
        }

        return When.Refuse(info) ?? (sites.Where(s => s.Kind == SiteKind.Chain).Select(s => Range.Refuse(s)).FirstOrDefault(r => r is not null));
    }
}
