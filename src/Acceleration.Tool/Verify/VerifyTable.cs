using System.Globalization;
using Spectre.Console;

namespace Acceleration.Tool;

/// <summary>Results of <c>verify</c> as a table, and a line for each file that cannot be checked.</summary>
internal static class VerifyTable
{
    public static void Write(Terminal terminal, IReadOnlyList<CheckResult> results)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("file", "what is worst", "error", "tolerance", "verdict");
        foreach (var result in results)
        {
            var worst = result.Worst;
            table.AddRow(
                Markup.Escape(Printable.Cell(result.Path)),
                Markup.Escape(Printable.Cell(worst?.ToString() ?? "–")),
                worst is null ? "–" : Error(worst),
                worst is null ? "–" : worst.Tolerance == 0 ? "equal" : Number(worst.Tolerance),
                Coloured(result.Verdict));
        }

        terminal.Console().Write(table);
        foreach (var result in results.Where(r => r.Reason is not null))
        {
            var line = $"{Word(result.Verdict)}: {Printable.Of(result.Path)}: {ErrorLine.Single(result.Reason!).Replace($"Checkpoint '{result.Path}': ", "", StringComparison.Ordinal)}";
            if (result.Verdict == Verdict.Nothing)
            {
                terminal.Out.WriteLine(line);
            }
            else
            {
                terminal.Error.WriteLine(line);
            }

            if (terminal.Verbose && result.Cause is not null)
            {
                terminal.Error.WriteLine(result.Cause);
            }
        }

        terminal.Out.WriteLine(Summary(results));
    }

    public static string Word(Verdict verdict) => verdict switch
    {
        Verdict.Holds => "holds",
        Verdict.Misses => "misses",
        Verdict.Unknown => "not known",
        Verdict.Nothing => "nothing to compare",
        _ => "not readable",
    };

    private static string Summary(IReadOnlyList<CheckResult> results) =>
        string.Join(", ", results.GroupBy(r => r.Verdict).OrderBy(g => g.Key).Select(g => $"{g.Count()} {Word(g.Key)}"));

    private static string Error(Finding finding) => finding.Tolerance == 0
        ? finding.Error == 0 ? "none" : string.Create(CultureInfo.InvariantCulture, $"{finding.Error} differ")
        : Number(finding.Error);

    private static string Number(double x) => x.ToString(x == 0 ? "0" : "0.0e0", CultureInfo.InvariantCulture);

    private static string Coloured(Verdict verdict) =>
        $"[{(verdict == Verdict.Holds ? "green" : verdict == Verdict.Misses ? "red" : verdict == Verdict.Nothing ? "grey" : "yellow")}]{Word(verdict)}[/]";
}
