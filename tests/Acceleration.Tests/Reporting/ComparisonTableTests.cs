using Acceleration.Reporting;
using Spectre.Console;

namespace Acceleration.Tests.Reporting;

public sealed class ComparisonTableTests
{
    [Fact]
    public void EveryRowIsALine()
    {
        var lines = Draw(ComparisonTable.Of(ReportData.Report()), 200).Split('\n');

        var drift = Assert.Single(lines, l => l.Contains("Drift <b> τ [0.1]"));
        Assert.Equal(["2.13", "2.00–2.25", "4.00×", "2", "2.00×", "2.00", "33.4", "0.850", "50", "%", "+8.4"], drift.Split("[0.1]")[1].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("≤ −4.0", Assert.Single(lines, l => l.Contains("Interval")));
        Assert.True(Array.FindIndex(lines, l => l.Contains("baseline")) < Array.FindIndex(lines, l => l.Contains("Drift")));
        Assert.True(Array.FindIndex(lines, l => l.Contains("Interval")) < Array.FindIndex(lines, l => l.Contains("3 steps control")));
    }

    [Fact]
    public void WhatIsWrongWithPicturesIsSaid()
    {
        var report = ReportData.Report();
        var row = report.Rows[1] with { BrokenPictures = 2, Reproducible = false };

        var text = Draw(ComparisonTable.Of(report with { Rows = [report.Rows[0], row], WantedClasses = [] }), 200);

        Assert.Contains("2 not finite", text);
        Assert.Contains("not reproducible", text);
        Assert.DoesNotContain("right", text);
    }

    [Theory]
    [InlineData(120)]
    [InlineData(90)]
    [InlineData(75)]
    public void NarrowTerminalsGetFewerColumnsButWholeLines(int width)
    {
        var lines = Draw(ComparisonTable.Of(ReportData.Report(), width), width).Split('\n');

        Assert.All(lines, l => Assert.InRange(l.TrimEnd().Length, 0, width));
        Assert.Contains("4.00×", Assert.Single(lines, l => l.Contains("Drift <b> τ [0.1]")));
        Assert.EndsWith("+8.4", Assert.Single(lines, l => l.Contains("33.4")).TrimEnd());
        Assert.Equal(width < 100, !lines.Any(l => l.Contains("2.00–2.25")));
    }

    [Fact]
    public void TimesThatContradictTheArithmeticOfTheControlsAreNotTrusted()
    {
        var report = ReportData.Report();
        var disturbed = report with { Rows = [.. report.Rows.Select(r => r.Label == "3 steps" ? r with { Speedups = [2.1, 2.0, 1.9] } : r)] };

        Assert.True(report.TimesAreSteady);
        Assert.False(disturbed.TimesAreSteady);
        Assert.DoesNotContain("not to be trusted", Draw(ComparisonTable.Of(report), 200) + ReportPage.Render(report));
        Assert.Contains("not to be trusted", Draw(ComparisonTable.Of(disturbed), 200));
        Assert.Contains("not to be trusted", ReportPage.Render(disturbed));
    }

    [Fact]
    public void WithoutATerminalProgressIsALineForEveryRun()
    {
        using var condition = Conditioning.Labels(1);
        using var network = ToyNetwork.Make();
        var comparison = new Comparison("4 steps", ToyNetwork.Sample(network, 4)).Control("2 steps", ToyNetwork.Sample(network, 2)).Repeats(2);
        var writer = new StringWriter();

        var report = LiveComparison.Run(Console(writer, 100), comparison, new() { Condition = condition }, TestContext.Current.CancellationToken);

        Assert.Equal(2, report.Rows.Count);
        Assert.Equal(
            ["warming up", "sweep 1 of 2: baseline, 4 steps", "sweep 1 of 2: control, 2 steps", "sweep 2 of 2: baseline, 4 steps", "sweep 2 of 2: control, 2 steps"],
            writer.ToString().Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
    }

    private static string Draw(Table table, int width)
    {
        var writer = new StringWriter();
        Console(writer, width).Write(table);
        return writer.ToString();
    }

    private static IAnsiConsole Console(TextWriter writer, int width)
    {
        var console = AnsiConsole.Create(new() { Ansi = AnsiSupport.No, Interactive = InteractionSupport.No, Out = new AnsiConsoleOutput(writer) });
        console.Profile.Width = width;
        return console;
    }
}
