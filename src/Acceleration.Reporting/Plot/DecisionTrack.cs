namespace Acceleration.Reporting;

/// <summary>The decision values of one strategy over the steps of a request.</summary>
/// <param name="Strategy">Tag.</param>
/// <param name="Points">One per step; null where the strategy compared nothing.</param>
internal sealed record DecisionTrack(string Strategy, IReadOnlyList<DecisionPoint?> Points)
{
    /// <summary>A track for every strategy that compared values with a threshold.</summary>
    public static IReadOnlyList<DecisionTrack> Of(ComparisonRow row) =>
        [.. row.Trace.SelectMany(s => s.Decisions).Where(d => d.Value is not null && d.Reason is null).Select(d => d.Strategy).Distinct()
            .Select(strategy => new DecisionTrack(strategy, [.. row.Trace.Select(s => DecisionPoint.Of(s, strategy))]))];
}
