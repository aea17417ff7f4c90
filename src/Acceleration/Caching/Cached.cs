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

    /// <summary>What a residual of a range of blocks is taken against.</summary>
    [InTag("of")]
    public ResidualInput Against { get; init; } = ResidualInput.Range;

    /// <inheritdoc/>
    public Requirements Needs => NeedsOf([this]);

    /// <inheritdoc/>
    public IRun Begin(RunInfo info, RunStore store) => CacheRun.Of([this], info, store, Tag);

    internal static Requirements NeedsOf(IReadOnlyList<Cached> parts) => new()
    {
        Sites = [.. parts.Where(p => !p.Where.IsCorrection).Select(p => new SiteClaim(p.Where, HookPhase.Cache))],
        Signals = [.. parts.SelectMany(p => p.When.Signals).Distinct()],
        ChoosesBranches = parts.Any(p => p.Where.IsCorrection),
        DecidesPerSample = parts.Any(p => p.When is not StaticWhen),
        // Where some samples are computed and others are not, one step's ranges are remembered; where all are, every range that a later step may skip.
        DependsOnBatch = parts.Any(p => p.Range is not (AllBlocks or MiddleBlocks)) ? BatchDependence.WhereSamplesDiffer : BatchDependence.None,
        NeverActs = info => parts.Select(p => p.When.NeverActs(info)).ToArray() is var whys && whys.All(w => w is not null) ? whys[0] : null,
        Refuse = info => parts.Select(p => p.Refuse(info)).FirstOrDefault(r => r is not null) ?? Overlap(parts, info),
    };

    private static IEnumerable<Site> SitesOf(RunInfo info) => info.Network.Sites.All.Append(info.Network.Sites.Correction);

    private static string? Overlap(IReadOnlyList<Cached> parts, RunInfo info) => SitesOf(info)
        .Select(s => (Site: s, Parts: parts.Where(p => p.Where.Matches(s)).ToArray()))
        .Where(s => s.Parts.Length > 1)
        .Select(s => $"'{s.Site}' belongs to two of its parts, {s.Parts[0].Tag} and {s.Parts[1].Tag}.")
        .FirstOrDefault();

    /// <summary>Learned variance adds channels behind those of the latents: they are repeated, the others have a residual.</summary>
    private static bool HasResidual(Site site, DenoiserInfo network) =>
        site.Traits.HasFlag(SiteTraits.ShapePreserving) || (site.Kind == SiteKind.Network && network.LearnedVariance);

    private string? Refuse(RunInfo info)
    {
        var sites = SitesOf(info).Where(Where.Matches).ToArray();
        if (How.Quantity == Quantity.Residual && Array.Find(sites, s => !HasResidual(s, info.Network)) is { } changing)
        {
            return $"a residual needs outputs of the input's shape, which {changing} does not have; reuse outputs instead.";
        }

        if (When.Signals.Count > 0 && Array.Find(sites, s => s.Kind is SiteKind.Prediction or SiteKind.Network) is { } early)
        {
            return $"{When.Tag} decides on what the network publishes while it runs, and '{early}' is asked before; place it at {Where.Chain.Tag} or further inside.";
        }

        if (How.Quantity == Quantity.Clean && Array.Find(sites, s => s.Kind != SiteKind.Prediction) is { } elsewhere)
        {
            return $"clean samples are known at the prediction alone, not at {elsewhere}; place it at {Where.Prediction.Tag}.";
        }

        return (Where.IsCorrection ? CorrectionCaching.Refuse(this, info) : null) ?? When.Refuse(info)
            ?? sites.Select(s => When.Refuse(info, s)).FirstOrDefault(r => r is not null)
            ?? sites.Select(s => (s.Kind == SiteKind.Chain ? Range.Refuse(s) : null) ?? How.Refuse(info, s) ?? RefuseProbe(info, s)).FirstOrDefault(r => r is not null);
    }

    private string? RefuseProbe(RunInfo info, Site site)
    {
        if (!When.NeedsProbe && !How.NeedsProbe)
        {
            return null;
        }

        if (site.Kind != SiteKind.Chain)
        {
            return $"{(When.NeedsProbe ? When.Tag : How.Tag)} works on what the first blocks of a chain make of its input, which '{site}' does not have; place it at {Where.Chain.Tag}.";
        }

        return StepInfo.All(info.Stages).Any(s => Range.At(s, site.Blocks.Count) is [{ From: 0 }, ..])
            ? $"{(When.NeedsProbe ? When.Tag : How.Tag)} works on what the first blocks make of the input, while {Range.Tag} leaves out the first one; {nameof(MiddleBlocks)}(1) keeps it."
            : null;
    }
}
