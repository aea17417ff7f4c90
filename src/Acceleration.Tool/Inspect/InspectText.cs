using System.Globalization;
using Spectre.Console;

namespace Acceleration.Tool;

/// <summary>An inspection for people.</summary>
internal static class InspectText
{
    private const int LongestValue = 100;

    public static void Write(Terminal terminal, Inspection found, bool all)
    {
        var console = terminal.Console();
        terminal.Out.WriteLine($"{Printable.Of(found.File)}: {found.Tensors.Count} tensors, {Bytes(found.Bytes)}");
        terminal.Out.WriteLine($"architecture: {(found.Architecture is null ? "" : found.Architecture + ", ")}{ErrorLine.Single(found.About)}");
        if (found.Golden is not null)
        {
            terminal.Out.WriteLine(ErrorLine.Single(found.Golden));
        }

        Metadata(console, found);
        Tensors(console, found, all);
        Sites(console, found.Sites, all);
        Strategies(console, found.Strategies);
    }

    private static void Metadata(IAnsiConsole console, Inspection found) =>
        Table(console, "metadata", ["key", "value"], found.Metadata.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => new[] { m.Key, Short(m.Value) }));

    private static void Tensors(IAnsiConsole console, Inspection found, bool all) => Table(
        console,
        "tensors",
        ["name", "count", "type", "shape", "size"],
        (all ? found.Tensors : TensorLine.Grouped(found.Tensors)).Select(t => new[] { t.Name, Number(t.Count), t.DType, string.Join('×', t.Shape), Bytes(t.Bytes) }));

    public static void Sites(IAnsiConsole console, IReadOnlyList<SiteLine> sites, bool all) => Table(
        console,
        "sites",
        ["site", "kind", "count", "multiply-adds each", "share of the network"],
        (all ? sites : SiteLine.Grouped(sites)).Select(s => new[] { s.Path, s.Kind, Number(s.Count), s.MultiplyAdds.ToString("N0", CultureInfo.InvariantCulture), (100 * s.Share).ToString("0.0", CultureInfo.InvariantCulture) + " %" }));

    public static void Strategies(IAnsiConsole console, IReadOnlyList<StrategyLine> strategies) => Table(
        console, "strategies", ["strategy", "tried as", "applies", "why not, or what to know"], strategies.Select(s => new[] { s.Strategy, s.Tag, s.Applies ? "yes" : "no", s.Reason ?? "" }));

    public static void Table(IAnsiConsole console, string title, string[] columns, IEnumerable<string[]> rows)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns(columns);
        foreach (var row in rows)
        {
            table.AddRow([.. row.Select(cell => Markup.Escape(Printable.Cell(cell)))]);
        }

        if (table.Rows.Count > 0)
        {
            console.WriteLine(title);
            console.Write(table);
        }
    }

    private static string Number(int x) => x.ToString(CultureInfo.InvariantCulture);

    private static string Short(string value)
    {
        var line = value.ReplaceLineEndings(" ");
        return line.Length <= LongestValue ? line : line[..LongestValue] + "...";
    }

    public static string Bytes(double bytes) => bytes switch
    {
        < 1 << 10 => bytes.ToString("0", CultureInfo.InvariantCulture) + " B",
        < 1 << 20 => (bytes / (1 << 10)).ToString("0.#", CultureInfo.InvariantCulture) + " KiB",
        < 1 << 30 => (bytes / (1 << 20)).ToString("0.#", CultureInfo.InvariantCulture) + " MiB",
        _ => (bytes / (1 << 30)).ToString("0.##", CultureInfo.InvariantCulture) + " GiB",
    };
}
