using System.Text;

namespace Acceleration.Reporting;

/// <summary>A comparison as one HTML page that needs no other file: styles, pictures and plots are inside.</summary>
public static class ReportPage
{
    /// <summary>Makes the page.</summary>
    public static string Render(ComparisonReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var series = new Series(report);
        var headline = new Headline(report);
        return Html.Of($"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>{report.Title}: {headline.Text}</title>
            <style>
            {Style()}
            </style>
            </head>
            <body><main>
            {Opening.Of(report, headline)}
            {PlotSection.Of(report, series)}
            {ResultTable.Of(report, series)}
            {PictureSection.Of(report, series)}
            {TimelineSection.Of(report, series)}
            {MethodSection.Of(report)}
            </main></body>
            </html>

            """).Text;
    }

    /// <summary>Writes the page, whole or not at all, and its directory where missing.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(ComparisonReport report, string path) => WholeFile.Write(path, Encoding.UTF8.GetBytes(Render(report)));

    /// <summary>The style sheet of all pages.</summary>
    internal static Html Style()
    {
        using var stream = typeof(ReportPage).Assembly.GetManifestResourceStream("report.css")!;
        using var reader = new StreamReader(stream);
        return new(reader.ReadToEnd());
    }
}
