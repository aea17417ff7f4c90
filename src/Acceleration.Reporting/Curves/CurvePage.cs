namespace Acceleration.Reporting;

/// <summary>A study as one HTML page that needs no other file.</summary>
internal static class CurvePage
{
    public static string Render(CurveReport report) => Html.Of($"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>{report.Title}</title>
        <style>
        {ReportPage.Style()}
        </style>
        </head>
        <body><main>
        <header>
        <p class="kicker">{report.Machine.Processor}, {report.Machine.Device}</p>
        <h1>{report.Title}</h1>
        <p class="lead">{report.Pictures} pictures of each sampler, seeds {report.Seed} to {report.Seed + report.Pictures - 1}, the same throughout. PSNR (peak 1) is against the reference’s picture of the same seed, averaged over pictures. The Fréchet distance is to real pictures, on classifier features: smaller is better, and it is comparable only at equal numbers of pictures.</p>
        </header>
        {report.Sections.Select(Section)}
        <section class="method"><h2>How it was measured</h2><dl>
        <dt>Evaluations</dt><dd>Network evaluations per picture: a guided call counts two, a step of Heun’s method two calls.</dd>
        <dt>Machine</dt><dd>{report.Machine.Processor}, {report.Machine.LogicalProcessors} logical processors; {report.Machine.System}; {report.Machine.Runtime}; libtorch {report.Machine.Torch}, {report.Machine.Device}.</dd>
        <dt>When</dt><dd>{report.Started:yyyy-MM-dd HH:mm zzz}</dd>
        </dl></section>
        </main></body>
        </html>

        """).Text;

    private static Html Section(CurveSection section) => Html.Of($"""
        <section>
        <h2>{section.Title}</h2>
        {section.Findings.Select(f => Html.Of($"<p>{f}</p>"))}
        <p class="legend">{section.Curves.Select((c, i) => Html.Of($"<span><svg class='chip s{i % 8}' viewBox='-8 -8 16 16' aria-hidden='true'>{Series.Shape(i, 0, 0)}</svg>{c.Name}</span>"))}</p>
        <div class="pair">
        {new CurvePlot(section, "PSNR, dB", p => p.Psnr < ImageMetrics.PsnrCap ? p.Psnr : null, null).Draw()}
        {Html.If(section.Curves.SelectMany(c => c.Points).Any(p => p.Frechet is not null), $"{new CurvePlot(section, "Fréchet distance", p => p.Frechet, section.Reference.Frechet).Draw()}")}
        </div>
        <div class="scroll"><table>
        <thead><tr><th>sampler</th><th>evaluations</th><th>PSNR, dB</th><th>Fréchet distance</th><th>seconds</th><th>tag</th></tr></thead>
        <tbody>
        {Row("reference", section.Reference, isReference: true)}
        {section.Curves.SelectMany(c => c.Points.Select(p => Row(c.Name, p, isReference: false)))}
        </tbody></table></div>
        </section>
        """);

    private static Html Row(string name, CurvePoint p, bool isReference) => Html.Of($"""
        <tr><th>{name} <i>{p.Label}</i></th><td>{p.Evaluations:0.#}</td><td>{(isReference ? Numbers.None : $"{Numbers.Text(p.Psnr, "0.00")} ± {Numbers.Text(p.PsnrError, "0.00")}")}</td><td>{(p.Broken > 0 ? $"{p.Broken} broken" : Numbers.Text(p.Frechet, "0.000"))}</td><td>{Numbers.Seconds(p.Seconds)}</td><td><code>{CurvePoint.Shorten(p.Tag)}</code></td></tr>
        """);
}
