namespace Acceleration.Reporting;

/// <summary>What every setting computed and skipped, step by step.</summary>
internal static class TimelineSection
{
    public static Html Of(ComparisonReport report, Series series)
    {
        return Html.Of($"""
            <section class="timelines">
            <h2>What was computed, step by step</h2>
            <p>One box per step, from noise (left) to picture (right), filled by the share of its work that was done: <span class="key computed"></span> all of it, <span class="key partly"></span> a part, <span class="key skipped"></span> none. The curve below is the value a strategy decides by (median over pictures; the band spans all of them) against its <span class="limit">limit</span>; a filled dot marks a step in which most pictures were computed, a hollow one where most were skipped. Point at anything for its numbers.</p>
            {report.Rows.Where(r => r.Kind == RowKind.Baseline || Shown(r)).Select(r => Row(r, series))}
            {Html.If(report.Rows.Any(Hidden), $"<details><summary>The other settings</summary>{report.Rows.Where(Hidden).Select(r => Row(r, series))}</details>")}
            </section>
            """);

        bool Shown(ComparisonRow row) => row.Kind == RowKind.Variant && series.Foremost.Contains(row);

        bool Hidden(ComparisonRow row) => row.Kind == RowKind.Variant && !series.Foremost.Contains(row);
    }

    private static Html Row(ComparisonRow row, Series series) => Html.Of($"""
        <div class="timeline"><div class="about">{series.Chip(row)}<b>{(row.Kind == RowKind.Baseline ? "baseline" : row.Group)}</b> {row.Label}<small>{row.Evaluations:0.#} evaluations{Html.If(row.ArithmeticSpeedup is not null, $", {1 / row.ArithmeticSpeedup:0 %} of the work")}{Html.If(row.PeakCacheBytes > 0, $", {Numbers.Bytes(row.PeakCacheBytes)} kept")}</small></div>{TimelineStrip.Draw(row)}</div>
        """);
}
