namespace Acceleration.Reporting;

/// <summary>The plot with its legend.</summary>
internal static class PlotSection
{
    public static Html Of(ComparisonReport report, Series series) => Html.Of($"""
        <section>
        <h2>Speed against fidelity</h2>
        <p>{(report.Controls.Any()
            ? "The line is the plain sampler that simply takes fewer steps. A point above it is worth having; in the shaded area below it, fewer steps would have been better."
            : "Further right is faster, further up is closer to the baseline.")}</p>
        {series.Families.Select(f => Html.Of($"<p class='legend'><b>{f}</b>{series.GroupsOf(f).Select(g => Chip(series, g))}</p>"))}
        <p class="legend">{report.Variants.Where(r => r.Family is null).Select(r => r.Group).Distinct().Select(g => Chip(series, g))}{Html.If(report.Controls.Any(), $"<span><svg class='chip control' viewBox='-8 -8 16 16' aria-hidden='true'><line x1='-8' x2='8'/><circle r='3.5'/></svg>fewer plain steps</span>")}</p>
        {new SpeedFidelityPlot(report, series).Draw()}
        </section>
        """);

    private static Html Chip(Series series, string group) => Html.Of($"<span>{series.Chip(group)}{group}</span>");
}
