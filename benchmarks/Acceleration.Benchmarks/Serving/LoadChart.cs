using System.Globalization;
using Spectre.Console;

namespace Acceleration.Benchmarks;

/// <summary>Live tensors and resident memory over ended requests, both from zero: what is flat looks flat.</summary>
internal static class LoadChart
{
    private const int Columns = 100;
    private const int Rows = 10;

    // An eighth of a cell's height each.
    private const string Blocks = " ▁▂▃▄▅▆▇█";

    public static void Print(IReadOnlyList<LoadPoint> points)
    {
        Print("resident memory, MiB", "blue", [.. points.Select(p => p.ResidentMebi)], points[^1].Requests);
        Print("live tensors", "green", [.. points.Select(p => (double)p.LiveTensors)], points[^1].Requests);
    }

    /// <summary>Both charts as one picture.</summary>
    public static string Svg(IReadOnlyList<LoadPoint> points)
    {
        var requests = points[^1].Requests;
        return string.Create(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 340" font-family="system-ui, sans-serif" font-size="12">
            <rect width="760" height="340" fill="#ffffff"/>
            {Panel(24, "resident memory, MiB", "#2563eb", points.Select(p => (p.Requests, p.ResidentMebi)), requests)}
            {Panel(186, "live tensors", "#15803d", points.Select(p => (p.Requests, (double)p.LiveTensors)), requests)}
            <text x="400" y="334" text-anchor="middle" fill="#475569">requests that have ended</text>
            </svg>

            """);
    }

    private static void Print(string title, string colour, double[] values, int requests)
    {
        var most = values.Max();
        AnsiConsole.MarkupLine($"[bold]{title}[/], {values.Min():0.#} to {most:0.#}");
        var heights = Enumerable.Range(0, Columns).Select(c => (int)Math.Round(values[c * (values.Length - 1) / (Columns - 1)] / most * Rows * 8)).ToArray();
        for (var row = Rows - 1; row >= 0; row--)
        {
            var line = string.Concat(heights.Select(h => Blocks[Math.Clamp(h - (row * 8), 0, 8)]));
            AnsiConsole.MarkupLine($"{(row == Rows - 1 ? most.ToString("0", CultureInfo.InvariantCulture) : row == 0 ? "0" : ""),8} │[{colour}]{line}[/]");
        }

        AnsiConsole.MarkupLine($"{"",8} └{new string('─', Columns)}");
        AnsiConsole.MarkupLine($"{"",8}  0{requests.ToString(CultureInfo.InvariantCulture).PadLeft(Columns - 1)} requests");
    }

    private static string Panel(int top, string title, string colour, IEnumerable<(int At, double Value)> points, int requests)
    {
        const int Left = 60, Width = 680, Height = 110;
        var all = points.ToArray();
        var most = all.Max(p => p.Value) * 1.1;
        var line = string.Join(' ', all.Select(p => string.Create(CultureInfo.InvariantCulture, $"{Left + ((double)p.At / requests * Width):0.#},{top + Height - (p.Value / most * Height):0.#}")));
        return string.Create(CultureInfo.InvariantCulture, $"""
            <text x="{Left}" y="{top - 6}" font-weight="600" fill="#0f172a">{title}, {all.Min(p => p.Value):0.#} to {all.Max(p => p.Value):0.#}</text>
            <path d="M{Left} {top}V{top + Height}H{Left + Width}" fill="none" stroke="#94a3b8"/>
            <text x="{Left - 8}" y="{top + Height + 4}" text-anchor="end" fill="#475569">0</text>
            <text x="{Left - 8}" y="{top + 14}" text-anchor="end" fill="#475569">{most / 1.1:0}</text>
            <line x1="{Left}" x2="{Left + Width}" y1="{top + 10}" y2="{top + 10}" stroke="#e2e8f0"/>
            <text x="{Left + Width}" y="{top + Height + 16}" text-anchor="end" fill="#475569">{requests}</text>
            <polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>
            """);
    }
}
