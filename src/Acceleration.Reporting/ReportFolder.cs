using System.Text;

namespace Acceleration.Reporting;

/// <summary>A comparison as files: <c>report.html</c> (needs no other file), <c>report.json</c> (all raw numbers), and a PNG for every row.</summary>
public static class ReportFolder
{
    /// <summary>Writes the files, each whole or not at all, and the directory where missing.</summary>
    /// <param name="report">The comparison.</param>
    /// <param name="directory">Where to; files of the same names are replaced.</param>
    /// <returns>Absolute path of <c>report.html</c>.</returns>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public static string Write(ComparisonReport report, string directory)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentException.ThrowIfNullOrEmpty(directory);
        var layout = PictureLayout.For(report.Baseline.Pictures);
        var baseline = layout.Pictures(report.Baseline.Pictures);
        PngWriter.Write(Path.Combine(directory, "pictures", "00-baseline.png"), baseline);
        foreach (var (i, row) in report.Rows.Index().Skip(1))
        {
            // What it is compared with, the row, and what changed, as on the page.
            var reference = report.ReferenceOf(row).Pictures;
            var stacked = PictureGrid.Stack(layout.Scale, layout.Pictures(reference), layout.Pictures(row.Pictures), layout.Difference(row.Pictures, reference));
            PngWriter.Write(Path.Combine(directory, "pictures", $"{i:00}-{FileName(row)}.png"), stacked);
        }

        WholeFile.Write(Path.Combine(directory, "report.json"), Encoding.UTF8.GetBytes(report.ToJson()));
        var page = Path.GetFullPath(Path.Combine(directory, "report.html"));
        ReportPage.Write(report, page);
        return page;
    }

    private static string FileName(ComparisonRow row)
    {
        var kept = $"{row.Group}-{row.Label}".ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) || c == '.' ? c : '-');
        var parts = string.Concat(kept).Split('-', StringSplitOptions.RemoveEmptyEntries);
        return string.Join('-', parts);
    }
}
