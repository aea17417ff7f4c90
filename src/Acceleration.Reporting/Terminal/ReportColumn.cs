using Spectre.Console;

namespace Acceleration.Reporting;

/// <summary>A column of <see cref="ComparisonTable"/>.</summary>
internal sealed record ReportColumn(string Header, Func<ComparisonRow, string> Cell, int Dispensable = 0)
{
    /// <summary>All columns, the setting first. Those with a higher <see cref="Dispensable"/> go first where there is no room.</summary>
    public static List<ReportColumn> Of(ComparisonReport report)
    {
        var columns = new List<ReportColumn>
        {
            new("\nsetting", Setting),
            new("\nseconds", r => Numbers.Seconds(r.Time.Median)),
            new("\nspread", r => $"[grey]{Numbers.Range(r.Time)}[/]", 5),
            new("\nspeed-up", r => $"[bold]{Numbers.Times(r.Speedup.Median)}[/]"),
            new("evalu-\nations", r => Numbers.Text(r.Evaluations, "0.#"), 2),
            new("arith-\nmetic", r => Numbers.Times(r.ArithmeticSpeedup), 1),
            new("realised\n÷ arith.", r => Numbers.Text(r.Realised, "0.00"), 3),
            new("PSNR\ndB", r => r.Kind == RowKind.Baseline ? Numbers.None : Numbers.Decibel(r.Psnr)),
            new("\nSSIM", r => r.Kind == RowKind.Baseline ? Numbers.None : Numbers.Text(r.Ssim, "0.000"), 4),
            new("right\nclass", r => Numbers.Share(r.Accuracy), 3),
            new("Δ control\ndB", Gain),
        };
        if (report.WantedClasses.Count == 0)
        {
            columns.RemoveAll(c => c.Header.StartsWith("right", StringComparison.Ordinal));
        }

        return columns;
    }

    /// <summary>Characters of its widest cell.</summary>
    public int Width(IEnumerable<ComparisonRow> rows) =>
        rows.Select(r => Markup.Remove(Cell(r)).Length).Concat(Header.Split('\n').Select(h => h.Length)).Max();

    private static string Gain(ComparisonRow row) => row.Control is null
        ? Numbers.None
        : $"[{row.Control.Beats switch { true => "green", false => "red", _ => "grey" }}]{Numbers.Gain(row.Control)}[/]";

    private static string Setting(ComparisonRow row)
    {
        var label = Markup.Escape(row.Label);
        var name = row.Kind switch
        {
            RowKind.Baseline => $"[bold]{label}[/] [grey]baseline[/]",
            RowKind.Control => $"{label} [grey]control[/]",
            _ => $"[bold]{Markup.Escape(row.Group)}[/] {label}",
        };
        return name
            + (row.Against is null ? "" : $" [grey]against {Markup.Escape(row.Against)}[/]")
            + (row.BrokenPictures > 0 ? $" [red]{row.BrokenPictures} not finite[/]" : "")
            + (row.Reproducible ? "" : " [red]not reproducible[/]");
    }
}
