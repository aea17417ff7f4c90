using Spectre.Console;

namespace Acceleration.Reporting;

/// <summary>A comparison as a table for the terminal.</summary>
public static class ComparisonTable
{
    /// <summary>Columns that a terminal needs to show the table unbroken.</summary>
    public const int Width = 118;

    /// <summary>Makes the table: the baseline, settings by group, controls.</summary>
    public static Table Of(ComparisonReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var classes = report.WantedClasses.Count > 0;
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn(new TableColumn("\nsetting").NoWrap());
        foreach (var name in new[] { "\nseconds", "\nspread", "\nspeed-up", "evalu-\nations", "arith-\nmetic", "realised\n÷ arith.", "PSNR\ndB", "\nSSIM", "right\nclass", "Δ control\ndB" })
        {
            if (classes || !name.StartsWith("right", StringComparison.Ordinal))
            {
                table.AddColumn(new TableColumn($"[grey]{name}[/]").RightAligned().NoWrap());
            }
        }

        string? group = null;
        foreach (var row in report.Rows.OrderBy(r => Order(r)))
        {
            if (group is not null && group != row.Group)
            {
                table.AddEmptyRow();
            }

            group = row.Group;
            table.AddRow([.. Cells(row, classes).Select(c => new Markup(c))]);
        }

        return table;

        int Order(ComparisonRow row) => row.Kind switch
        {
            RowKind.Baseline => -1,
            RowKind.Control => int.MaxValue,
            _ => report.Rows.Index().First(r => r.Item.Kind == RowKind.Variant && r.Item.Group == row.Group).Index,
        };
    }

    private static IEnumerable<string> Cells(ComparisonRow row, bool classes)
    {
        var baseline = row.Kind == RowKind.Baseline;
        yield return Name(row);
        yield return Numbers.Seconds(row.Time.Median);
        yield return $"[grey]{Numbers.Range(row.Time)}[/]";
        yield return $"[bold]{Numbers.Times(row.Speedup.Median)}[/]";
        yield return Numbers.Text(row.Evaluations, "0.#");
        yield return Numbers.Times(row.ArithmeticSpeedup);
        yield return Numbers.Text(row.Realised, "0.00");
        yield return baseline ? Numbers.None : Numbers.Decibel(row.Psnr);
        yield return baseline ? Numbers.None : Numbers.Text(row.Ssim, "0.000");
        if (classes)
        {
            yield return Numbers.Share(row.Accuracy);
        }

        yield return row.Control is null ? Numbers.None : $"[{row.Control.Beats switch { true => "green", false => "red", _ => "grey" }}]{Numbers.Gain(row.Control)}[/]";
    }

    private static string Name(ComparisonRow row)
    {
        var label = Markup.Escape(row.Label);
        var name = row.Kind switch
        {
            RowKind.Baseline => $"[bold]{label}[/] [grey]baseline[/]",
            RowKind.Control => $"{label} [grey]control[/]",
            _ => $"[bold]{Markup.Escape(row.Group)}[/] {label}",
        };
        return name
            + (row.BrokenPictures > 0 ? $" [red]{row.BrokenPictures} not finite[/]" : "")
            + (row.Reproducible ? "" : " [red]not reproducible[/]");
    }
}
