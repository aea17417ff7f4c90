using System.Text;

namespace Acceleration.Reporting;

/// <summary>A study of combinations as one HTML page that needs no other file.</summary>
public static class CombinationPage
{
    /// <summary>Makes the page.</summary>
    /// <param name="file">Recorded runs.</param>
    /// <param name="maps">The maps to be drawn.</param>
    /// <param name="again">Runs that were made again just now, with what was recorded of the same tag; empty where none were.</param>
    public static string Render(CombinationFile file, IReadOnlyList<CombinationMap> maps, IReadOnlyList<(CombinationRun Recorded, CombinationRun Now)> again)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(maps);
        ArgumentNullException.ThrowIfNull(again);
        var (setup, pictures) = (file.Setup, file.Setup.Labels.Count);
        return Html.Of($"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>Decision × approximation on {setup.Network}</title>
            <style>
            {ReportPage.Style()}
            </style>
            </head>
            <body><main>
            <header>
            <p class="kicker">{setup.Network}, {setup.DType}</p>
            <h1>When to skip, and how to make it up</h1>
            <p class="lead">Every cache is a decision and an approximation, and any two go together. In each cell is the best PSNR among all settings that spare so much arithmetic: of {file.Runs.Count} runs of {pictures} pictures, seeds {setup.Seed} to {setup.Seed + pictures - 1}, against the pictures of <code>{setup.Baseline}</code>. Blue lies above the plain sampler with fewer steps, orange below; the best is framed. Point at a cell for its tag.</p>
            </header>
            <section>
            {new CombinationPlot([.. maps]).Draw()}
            </section>
            <section>
            <h2>What follows</h2>
            {maps.SelectMany(CombinationFindings.Of).Select(f => Html.Of($"<p>{f}</p>"))}
            </section>
            {Html.If(again.Count > 0, $"<section><h2>Made again</h2><p>These cells were run again just now, from their tags alone.</p><div class='scroll'><table><thead><tr><th>cell</th><th>speed-up, recorded</th><th>now</th><th>PSNR, recorded</th><th>now</th><th>tag</th></tr></thead><tbody>{again.Select(a => Html.Of($"<tr><th>{a.Recorded.Decision} <i>{a.Recorded.Approximation}</i></th><td>{a.Recorded.Speedup:0.00}×</td><td>{a.Now.Speedup:0.00}×</td><td>{a.Recorded.Psnr:0.00}</td><td>{a.Now.Psnr:0.00}</td><td><code>{CurvePoint.Shorten(a.Recorded.Tag)}</code></td></tr>"))}</tbody></table></div></section>")}
            <section class="method"><h2>How it was measured</h2><dl>
            <dt>Speed-up</dt><dd>Arithmetic: multiply-adds of the baseline over those executed. Seconds are in the chapter on caching.</dd>
            <dt>Settings</dt><dd>Thresholds of measured decisions were searched, for each approximation anew, until one spared just enough; other decisions were run at several settings. A dash says that no setting that was run spares so much.</dd>
            <dt>Machine</dt><dd>{setup.Machine.Processor}; {setup.Machine.System}; {setup.Machine.Runtime}; libtorch {setup.Machine.Torch}, {setup.Machine.Device}.</dd>
            </dl></section>
            </main></body>
            </html>

            """).Text;
    }

    /// <summary>Writes the page and, beside it, the maps alone as a picture, each whole or not at all.</summary>
    /// <returns>Absolute path of the page.</returns>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public static string Write(string directory, CombinationFile file, IReadOnlyList<CombinationMap> maps, IReadOnlyList<(CombinationRun Recorded, CombinationRun Now)> again)
    {
        var page = Path.GetFullPath(Path.Combine(directory, "combinations.html"));
        WholeFile.Write(page, Encoding.UTF8.GetBytes(Render(file, maps, again)));
        WholeFile.Write(Path.ChangeExtension(page, "svg"), Encoding.UTF8.GetBytes(new CombinationPlot([.. maps]).Svg()));
        return page;
    }
}
