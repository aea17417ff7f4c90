using System.Text.RegularExpressions;
using Acceleration.Reporting;

namespace Acceleration.Tests.Reporting;

/// <summary>Which runs stand in the cells of a map, and what it says.</summary>
public sealed class CombinationMapTests
{
    private static readonly CombinationRun[] Runs =
    [
        new(CombinationRun.FewerSteps, "", 2, 50, 30, "ddim25"),
        new(CombinationRun.FewerSteps, "", 4.1, 24, 22, "ddim12"),
        new("interval", "line", 2.5, 40, 41, "a"),
        new("interval", "line", 1.9, 52, 60, "too slow"),
        new("interval", "line", 3, 34, 42, "b"),
        new("interval", "last value", 2, 50, 25, "c"),
        new("drift", "line", 2.2, 46, 35, "d"),
        new("drift", "last value", 1.5, 66, 50, "never fast enough"),
    ];

    [Fact]
    public void OfRunsThatSpareEnoughTheBestCounts()
    {
        var map = new CombinationMap(Runs, 2);

        Assert.Equal(["interval", "drift"], map.Decisions);
        Assert.Equal(["line", "last value"], map.Approximations);
        Assert.Equal("b", map["interval", "line"]!.Tag);
        Assert.Equal("c", map["interval", "last value"]!.Tag);
        Assert.Null(map["drift", "last value"]);
        Assert.Equal("ddim25", map.Control!.Tag);
        Assert.Equal(["b", "d", "c"], map.Ranking.Select(r => r.Tag));
    }

    [Fact]
    public void FindingsNameTheBestAndWhatEachListIsWorth()
    {
        var findings = CombinationFindings.Of(new(Runs, 2));

        Assert.Equal("At least 2×: best is “interval” with “line”, 42.0 dB, +12.0 dB against fewer steps; 2 of 3 cells lie above fewer steps.", findings[0]);
        Assert.Contains("line +8.5, last value −5.0.", findings[1]);
        Assert.Contains("interval +12.0, drift +5.0.", findings[2]);
    }

    [Fact]
    public void WithoutAControlOrAnyRunThereIsNothingToSay()
    {
        Assert.Empty(CombinationFindings.Of(new(Runs, 5)));
        Assert.Throws<ArgumentException>(() => new CombinationPlot(new CombinationMap(Runs, 5)));
        Assert.Throws<ArgumentException>(() => new CombinationPlot());
    }

    [Fact]
    public void ThePlotHasACellForEachPairAndFramesTheBest()
    {
        var svg = new CombinationPlot(new CombinationMap(Runs, 2), new CombinationMap(Runs, 2)).Svg();

        Assert.Equal(2 * 3, Regex.Count(svg, "<title>[^<]* dB at "));
        Assert.Equal(2, Regex.Count(svg, "no setting that was run spares so much"));
        Assert.Equal(2, Regex.Count(svg, "stroke-width='2.5'"));
        Assert.DoesNotMatch("(NaN|Infinity|∞)", svg);
    }
}
