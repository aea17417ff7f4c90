namespace Acceleration.Reporting;

/// <summary>The steps of one request from left to right: how much of each was computed and, below, what each strategy based its decisions on.</summary>
internal static class TimelineStrip
{
    public const double Width = 900;
    public const double Right = 806;
    private const double CellHeight = 22;
    private const double TrackHeight = 46;
    private const double TrackGap = 8;

    public static Html Draw(ComparisonRow row)
    {
        var cell = Right / row.Trace.Count;
        var tracks = DecisionTrack.Of(row);
        var height = CellHeight + (tracks.Count * (TrackHeight + TrackGap));
        return Html.Of($"""
            <svg class="strip" viewBox="0 0 {Width} {height}" role="img" aria-label="Steps of {row.Name}">
            {row.Trace.Select((s, i) => Cell(s, i, row.Trace.Count, cell))}
            {tracks.Select((t, i) => DecisionSparkline.Draw(t, cell, CellHeight + TrackGap + (i * (TrackHeight + TrackGap)), TrackHeight))}
            </svg>
            """);
    }

    private static Html Cell(StepRecord step, int index, int count, double width)
    {
        var share = Math.Min(1, step.ComputedShare);
        var inner = Math.Max(1, width - Math.Min(2, width / 5));
        var filled = share * CellHeight;
        return Html.Of($"""
            <g><title>{About(step, index, count)}</title><rect class="skipped" x="{index * width:0.##}" width="{inner:0.##}" height="{CellHeight}"/>{Html.If(share > 0, $"<rect class='{(share < 0.999 ? "partly" : "computed")}' x='{index * width:0.##}' y='{CellHeight - filled:0.##}' width='{inner:0.##}' height='{filled:0.##}'/>")}</g>
            """);
    }

    private static string About(StepRecord step, int index, int count)
    {
        var lines = new List<string>
        {
            $"step {index + 1} of {count}, time {Numbers.Text(step.Time, "0.##")}: {Numbers.Share(step.ComputedShare)} computed in {Numbers.Text(step.Seconds * 1000, "0.#")} ms",
        };
        foreach (var by in step.Decisions.GroupBy(d => d.Strategy))
        {
            lines.Add($"{by.Key}: skipped in {by.Count(d => d.Skip)} of {by.Count()} decisions{Reasons(by)}");
        }

        return string.Join('\n', lines);
    }

    private static string Reasons(IEnumerable<DecisionRecord> decisions) =>
        string.Concat(decisions.Select(d => d.Reason).OfType<string>().Distinct().Select((r, i) => $"{(i == 0 ? ": " : "; ")}{r}"));
}
