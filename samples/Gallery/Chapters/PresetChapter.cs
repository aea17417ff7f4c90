using Acceleration.Reporting;
using Spectre.Console;
using static System.FormattableString;

namespace Acceleration.Gallery;

/// <summary>Presets beside every other cache, in seconds: what a preset has more, or less, than a method's own settings have at the preset's speed.</summary>
internal static class PresetChapter
{
    public const string Name = "presets";
    private const string Group = "Preset";

    public static int Run(GalleryOptions options, string weights, CancellationToken cancellation) =>
        new CachingPages(Name, "Presets beside caches", Compare) { Written = Tell }.Run(options, weights, cancellation);

    private static Comparison Compare(IReadOnlyList<CachingMethod> methods, Func<int, SamplerBuilder> plain)
    {
        var network = plain(CachingPages.Steps).Network;
        var presets = Preset.All.Select(p => (p.Name, p.For(network).Strategies[0])).ToArray();
        return CachingMethod.Compare([new(CachingMethod.Forecasts, Group, presets), .. methods], plain, CachingPages.Steps, CachingPages.Fewer);
    }

    private static void Tell(ComparisonReport report)
    {
        Tell(report, "equal time", r => r.Speedup.Median);

        // Steadier than seconds where other programs use the machine.
        Tell(report, "equal arithmetic", r => r.ArithmeticSpeedup!.Value);
    }

    /// <summary>A line for each method: the preset's decibels less those of the method at the preset's speed.</summary>
    private static void Tell(ComparisonReport report, string at, Func<ComparisonRow, double> speed)
    {
        var presets = report.Rows.Where(r => r.Group == Group).ToArray();
        var table = new Table { Border = TableBorder.Simple, Title = new($"{report.Title}: decibels of a preset above each line at {at}") };
        table.AddColumns([new("line"), .. presets.Select(p => new TableColumn($"{p.Label}\n{Invariant($"{speed(p):0.00}× {p.Psnr:0.0} dB")}").RightAligned())]);
        foreach (var line in report.Rows.Where(r => r.Kind != RowKind.Baseline && r.Group != Group).GroupBy(r => r.Kind == RowKind.Control ? "fewer steps" : r.Group))
        {
            var curve = new ControlCurve(line.Select(r => (speed(r), r.Psnr, r.Steps)));
            table.AddRow([line.Key, .. presets.Select(p => Gain(curve.Compare(speed(p), p.Psnr)!))]);
        }

        AnsiConsole.Write(table);
    }

    // A line ends at its fastest setting: what it would have beyond is less than there, and where it begins, more.
    private static string Gain(ControlGain gain) => Invariant($"{gain.Bound switch { Bound.AtLeast => "≥ ", Bound.AtMost => "≤ ", _ => "" }}{gain.Gain:+0.0;−0.0;0.0}");
}
