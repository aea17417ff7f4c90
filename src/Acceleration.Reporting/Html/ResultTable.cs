namespace Acceleration.Reporting;

/// <summary>All rows in numbers.</summary>
internal static class ResultTable
{
    public static Html Of(ComparisonReport report, Series series) => Html.Of($"""
        <section>
        <h2>All settings</h2>
        <div class="scroll"><table>
        <thead><tr>
        <th>setting</th>
        <th title="Seconds of the whole request: the median, then the fastest and the slowest">seconds</th><th class="spread">from–to</th>
        <th title="The baseline's seconds in the same sweep over these, median">speed-up</th>
        <th title="Network evaluations per picture; a guided step costs two">evalu&shy;ations</th>
        <th title="The baseline's multiply-adds over those executed: the speed-up that perfect execution would give">arith&shy;metic</th>
        <th title="Realised over arithmetic speed-up: what is missing to 1 is overhead">realised ÷ arithm.</th>
        <th title="Peak signal-to-noise ratio against the baseline's pictures, averaged over pictures, capped at 100 dB">PSNR dB</th>
        <th title="Structural similarity with the baseline's pictures">SSIM</th>
        {Html.If(HasClasses(report), $"<th title='Share of the pictures that the classifier takes for what was asked for'>right class</th>")}
        <th title="PSNR minus that of the plain sampler given the same {(report.ByArithmetic ? "arithmetic" : "time")} by fewer steps, in dB">Δ control dB</th>
        </tr></thead>
        {Body(report, series, [report.Baseline])}
        {series.Groups.Select(g => Html.Join([FamilyHeading(report, series, g), Body(report, series, report.Variants.Where(r => r.Group == g))]))}
        {Body(report, series, report.Controls)}
        {report.Others.Select(g => Html.Join([Heading(report, g.Key), Body(report, series, g)]))}
        </table></div>
        {Html.If(report.Advice.Count > 0, $"<ul class='advice'>{report.Advice.Select(a => Html.Of($"<li>{a}</li>"))}</ul>")}
        </section>
        """);

    private static bool HasClasses(ComparisonReport report) => report.WantedClasses.Count > 0;

    private static Html Body(ComparisonReport report, Series series, IEnumerable<ComparisonRow> rows)
    {
        var fastest = report.Rows.Max(r => r.Speedup.Median);
        return Html.Of($"<tbody>{rows.Select(r => Row(report, series, r, fastest))}</tbody>");
    }

    /// <summary>In front of the first group of a family.</summary>
    private static Html FamilyHeading(ComparisonReport report, Series series, string group) => series.Families.FirstOrDefault(f => series.GroupsOf(f).First() == group) is { } family
        ? Html.Of($"<tbody><tr><td class='against' colspan='{(HasClasses(report) ? 11 : 10)}'>{family}</td></tr></tbody>")
        : Html.Empty;

    private static Html Heading(ComparisonReport report, string reference) =>
        Html.Of($"<tbody><tr><td class='against' colspan='{(HasClasses(report) ? 11 : 10)}'>compared with the pictures of {reference}, and with the same given the same time by fewer steps:</td></tr></tbody>");

    private static Html Row(ComparisonReport report, Series series, ComparisonRow row, double fastest) => Html.Of($"""
        <tr class="{row.Kind.ToString().ToLowerInvariant()}">
        <th scope="row" title="{row.Tag}">{series.Chip(row)}{Setting(row)}{Html.If(row.BrokenPictures > 0, $" <em class='bad'>{row.BrokenPictures} not finite</em>")}{Html.If(!row.Reproducible, $" <em class='bad'>not reproducible</em>")}</th>
        <td>{Numbers.Seconds(row.Time.Median)}</td><td class="spread">{Numbers.Range(row.Time)}</td>
        <td class="bar" style="--share:{row.Speedup.Median / fastest:0.###}">{Numbers.Times(row.Speedup.Median)}</td>
        <td>{row.Evaluations:0.#}</td>
        <td>{Numbers.Times(row.ArithmeticSpeedup)}</td>
        <td>{Numbers.Text(row.Realised, "0.00")}</td>
        <td>{(row.Kind == RowKind.Baseline ? Numbers.None : Numbers.Decibel(row.Psnr))}</td>
        <td>{(row.Kind == RowKind.Baseline ? Numbers.None : Numbers.Text(row.Ssim, "0.000"))}</td>
        {Html.If(HasClasses(report), $"<td>{Numbers.Share(row.Accuracy)}</td>")}
        <td class="{Verdict.Class(row)}">{Numbers.Gain(row.Control)}</td>
        </tr>
        """);

    private static Html Setting(ComparisonRow row) => row.Kind switch
    {
        RowKind.Baseline => Html.Of($"<b>{row.Label}</b> <i>baseline</i>"),
        RowKind.Control => Html.Of($"{row.Label} <i>control</i>"),
        _ => Html.Of($"<b>{row.Group}</b> {row.Label}"),
    };
}
