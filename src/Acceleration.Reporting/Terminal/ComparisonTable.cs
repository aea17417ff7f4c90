using Spectre.Console;

namespace Acceleration.Reporting;

/// <summary>A comparison as a table for the terminal.</summary>
public static class ComparisonTable
{
    // Border and padding of a column.
    private const int Frame = 3;

    /// <summary>Makes the table: the baseline, settings by group, controls.</summary>
    /// <param name="report">The comparison.</param>
    /// <param name="width">Characters that a line may have; where they do not suffice, the least important columns are left out.</param>
    public static Table Of(ComparisonReport report, int width = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(report);
        ComparisonRow[] rows = [.. report.Rows.OrderBy(r => Order(report, r))];
        var columns = ReportColumn.Of(report);
        while (columns.Sum(c => c.Width(rows) + Frame) >= width && columns.MaxBy(c => c.Dispensable) is { Dispensable: > 0 } least)
        {
            columns.Remove(least);
        }

        var table = new Table { Border = TableBorder.Simple, Width = Math.Min(width, columns.Sum(c => c.Width(rows) + Frame) + 1) };
        table.AddColumns([.. columns.Select((c, i) => new TableColumn(i == 0 ? c.Header : $"[grey]{c.Header}[/]") { NoWrap = true, Alignment = i == 0 ? Justify.Left : Justify.Right })]);
        foreach (var (i, row) in rows.Index())
        {
            if (i > 0 && (rows[i - 1].Group, rows[i - 1].Against) != (row.Against is null ? row.Group : rows[i - 1].Group, row.Against))
            {
                table.AddEmptyRow();
            }

            table.AddRow([.. columns.Select(c => new Markup(c.Cell(row)))]);
        }

        string[] notes =
        [
            .. report.TimesAreSteady ? [] : new[] { $"[yellow]Times are not to be trusted: the controls differ from their arithmetic by more than {Numbers.Share(ComparisonReport.SteadyWithin)}.[/]" },
            .. report.Unevenness is { } times ? [$"[grey]The machine did not run evenly: the baseline's steps took up to {Numbers.Text(times, "0.0")} times as long at one moment as at another. Speed-ups are against those timed beside each run.[/]"] : Array.Empty<string>(),
            .. report.Advice.Select(a => $"[grey]{Markup.Escape(a)}[/]"),
        ];
        return notes.Length == 0 ? table : table.Caption(string.Join('\n', notes));
    }

    private static int Order(ComparisonReport report, ComparisonRow row) => row.Kind switch
    {
        RowKind.Baseline => -1,
        _ when row.Against is not null => int.MaxValue,
        RowKind.Control => int.MaxValue - 1,
        _ => report.Rows.Index().First(r => r.Item.Kind == RowKind.Variant && r.Item.Group == row.Group).Index,
    };
}
