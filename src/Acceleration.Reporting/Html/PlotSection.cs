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
        <p class="legend">{report.Variants.Select(r => r.Group).Distinct().Select(g => Html.Of($"<span>{series.Chip(g)}{g}</span>"))}{Html.If(report.Controls.Any(), $"<span><svg class='chip control' viewBox='-8 -8 16 16' aria-hidden='true'><line x1='-8' x2='8'/><circle r='3.5'/></svg>fewer plain steps</span>")}</p>
        {new SpeedFidelityPlot(report, series).Draw()}
        </section>
        """);
}
