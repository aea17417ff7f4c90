namespace Acceleration;

/// <summary>
/// InvarDiff (2025, arXiv 2512.05134), reconstructed from its description: each attention and feed-forward part of each block is computed in steps of its own, planned once by a quantile of how much outputs change from step to step in recorded runs
/// (<see cref="RecordedModules"/>, <see cref="QuantileSchedule"/>), and repeated in the others. One tensor for each of them is held.
/// </summary>
/// <param name="Schedules">The steps of each part.</param>
[Entry("invarDiff", "INVAR")]
public sealed record InvarDiff(IReadOnlyList<SiteSchedule> Schedules) : CacheMethod
{
    /// <summary>The steps of each part.</summary>
    [InTag(":")]
    public IReadOnlyList<SiteSchedule> Schedules { get; init => field = SiteSchedule.Some(value, nameof(Schedules)); } = SiteSchedule.Some(Schedules, nameof(Schedules));

    /// <inheritdoc/>
    public override IReadOnlyList<Cached> Parts => [.. Schedules.Select(s => s.Line)];
}
