namespace Acceleration;

/// <summary>
/// BAC (Ji et al., 2025, arXiv 2506.13456): each block of a policy is computed in steps of its own, the best of their number by how alike its outputs are in a recorded run (<see cref="BlockSchedules"/>), made fit for each other by the
/// bubbling union (<see cref="BubblingUnion"/>), and repeated in the others. One tensor for each branch is held.
/// </summary>
/// <param name="Schedules">The steps of each branch or block.</param>
[Entry("blockAdaptiveCaching", "BAC")]
public sealed record BlockAdaptiveCaching(IReadOnlyList<SiteSchedule> Schedules) : CacheMethod
{
    /// <summary>The steps of each branch or block.</summary>
    [InTag(":")]
    public IReadOnlyList<SiteSchedule> Schedules { get; init => field = SiteSchedule.Some(value, nameof(Schedules)); } = SiteSchedule.Some(Schedules, nameof(Schedules));

    /// <inheritdoc/>
    public override IReadOnlyList<Cached> Parts => [.. Schedules.Select(s => s.Line)];
}
