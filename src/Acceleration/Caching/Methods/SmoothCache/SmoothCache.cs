namespace Acceleration;

/// <summary>
/// SmoothCache (Liu et al., 2024, arXiv 2411.10510): each kind of branch - self-attention, cross-attention, feed-forward part - is computed in steps of its own, found once from how much its outputs change (<see cref="SmoothSchedule"/>),
/// and repeated in the others. One tensor for each branch is held.
/// </summary>
/// <param name="Schedules">The steps of each kind.</param>
[Entry("smoothCache", "SMOOTH")]
public sealed record SmoothCache(IReadOnlyList<SiteSchedule> Schedules) : CacheMethod
{
    /// <summary>The steps of each kind.</summary>
    [InTag(":")]
    public IReadOnlyList<SiteSchedule> Schedules { get; init => field = SiteSchedule.Some(value, nameof(Schedules)); } = SiteSchedule.Some(Schedules, nameof(Schedules));

    /// <inheritdoc/>
    public override IReadOnlyList<Cached> Parts => [.. Schedules.Select(s => s.Line)];
}
