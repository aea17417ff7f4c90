using Acceleration.Reporting;
using Spectre.Console;
using static TorchSharp.torch;

namespace Acceleration.Benchmarks;

/// <summary>What a command prints: the machine, tables, and on demand the operator routes.</summary>
internal static class Page
{
    /// <summary>One line that says where the numbers come from.</summary>
    public static void Machine(DenoiserInfo network, IEnumerable<ScalarType> types)
    {
        var m = MachineInfo.Describe(network);
        AnsiConsole.WriteLine(
            $"{m.Processor}, {m.LogicalProcessors} processors, {m.TorchThreads} threads, {m.System}, {m.Runtime}, libtorch {m.Torch}; {network.Name} on {network.Device.type}, {string.Join(" and ", types)}");
    }

    /// <summary>The machine alone, where no network takes part.</summary>
    public static void Machine(IEnumerable<ScalarType> types)
    {
        var m = MachineInfo.Describe("cpu");
        AnsiConsole.WriteLine($"{m.Processor}, {m.LogicalProcessors} processors, {m.TorchThreads} threads, {m.System}, {m.Runtime}, libtorch {m.Torch}; CPU, {string.Join(" and ", types)}");
    }

    /// <summary>An empty table whose columns after the first are numbers.</summary>
    public static Table Table(string first, params string[] numbers)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn(new TableColumn(first).NoWrap());
        foreach (var name in numbers)
        {
            table.AddColumn(new TableColumn(name).RightAligned().NoWrap());
        }

        return table;
    }

    public static void Row(Table table, params string[] cells) => table.AddRow([.. cells.Select(c => new Text(c))]);

    public static void Write(Table table) => AnsiConsole.Write(table);

    public static void Line(string text) => AnsiConsole.WriteLine(text);

    /// <summary>Median, smallest and largest.</summary>
    public static string Range(Spread s, string format) => $"{s.Median.ToString(format)} ({s.Min.ToString(format)}..{s.Max.ToString(format)})";

    /// <summary>The routes chosen so far.</summary>
    public static void Routes()
    {
        foreach (var choice in OperatorRoutes.Describe())
        {
            var times = string.Join(", ", choice.Milliseconds.Select(t => $"{t.Key} {t.Value:0.000} ms"));
            Line($"  {choice.Operator}: {choice.Route} for {choice.ShapeClass}{(times.Length > 0 ? $" ({times})" : "")}");
        }
    }
}
