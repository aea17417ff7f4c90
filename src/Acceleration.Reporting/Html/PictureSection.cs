using System.Globalization;

namespace Acceleration.Reporting;

/// <summary>The pictures of every row under the baseline's, and what changed.</summary>
internal static class PictureSection
{
    public static Html Of(ComparisonReport report, Series series)
    {
        var layout = PictureLayout.For(report.Baseline.Pictures);
        var baseline = DataUri(layout.Pictures(report.Baseline.Pictures));
        return Html.Of($"""
            <section class="pictures" style="--baseline:url({new Html(baseline)})">
            <h2>Pictures</h2>
            <p>Same noise, same classes in every row. Point at a row to see the baseline’s pictures in its place: what jumps has changed. Below each row is its difference from the baseline, or from the row that it is compared with, {PictureLayout.DifferenceGain:0}-fold: <span class="heat" aria-hidden="true"></span> from black (equal) to light yellow.</p>
            <figure class="reference"><figcaption><b>baseline</b> {report.Baseline.Label}<small>{Numbers.Seconds(report.Baseline.Time.Median)} s</small></figcaption><img src="{new Html(baseline)}" alt="Pictures of the baseline"></figure>
            {report.Rows.Skip(1).Where(Shown).Select(r => Figure(r, report, layout, series))}
            {Html.If(report.Rows.Skip(1).Any(r => !Shown(r)), $"<details><summary>The other settings: above is of each group the one furthest above fewer steps</summary>{report.Rows.Skip(1).Where(r => !Shown(r)).Select(r => Figure(r, report, layout, series))}</details>")}
            </section>
            """);

        bool Shown(ComparisonRow row) => row.Kind == RowKind.Control || series.Foremost.Contains(row);
    }

    private static Html Figure(ComparisonRow row, ComparisonReport report, PictureLayout layout, Series series) => Html.Of($"""
        <figure><figcaption>{series.Chip(row)}<b>{(row.Kind == RowKind.Control ? "control" : row.Group)}</b> {row.Label}{Html.If(row.Against is not null, $" <i>against {row.Against}</i>")}<small>{Numbers.Times(row.Judged.Median)} {(row.ByArithmetic ? "less arithmetic" : "faster")} · {Numbers.Decibel(row.Psnr)} dB{Html.If(row.Control is not null, $" · <span class='{Verdict.Class(row)}'>{Numbers.Gain(row.Control)} dB against fewer steps</span>")}</small></figcaption>
        <span class="blink"><img src="{new Html(DataUri(layout.Pictures(row.Pictures)))}" alt="Pictures of {row.Name}"></span>
        <img class="difference" src="{new Html(DataUri(layout.Difference(row.Pictures, report.ReferenceOf(row).Pictures)))}" alt="Difference of {row.Name} from {row.Against ?? "the baseline"}"></figure>
        """);

    private static string DataUri(PictureGrid grid) => string.Create(CultureInfo.InvariantCulture, $"data:image/png;base64,{Convert.ToBase64String(PngWriter.Encode(grid))}");
}
