using System.Text.RegularExpressions;
using Acceleration.Reporting;

namespace Acceleration.Tests.Reporting;

public sealed class ReportPageTests
{
    private readonly string _page = ReportPage.Render(ReportData.Report());

    [Fact]
    public void ItNeedsNoOtherFileAndNoScript()
    {
        Assert.DoesNotContain("http", _page);
        Assert.DoesNotContain("<script", _page);
        Assert.DoesNotContain("<link", _page);
        Assert.DoesNotContain("@import", _page);
        Assert.All(Regex.Matches(_page, "(?:src=\"|url\\()([^\")]*)"), m => Assert.StartsWith("data:image/png;base64,", m.Groups[1].Value));
    }

    [Fact]
    public void TextIsEncoded()
    {
        Assert.Contains("Made-up &amp; &lt;odd&gt;", _page);
        Assert.Contains("Drift &lt;b&gt;", _page);
        Assert.DoesNotContain("Drift <b>", _page);
    }

    [Fact]
    public void ItOpensWithTheBestResultAndWhatFewerStepsReach()
    {
        Assert.Matches("<h1>4.0× faster at 33 dB with Drift &lt;b&gt; τ \\[0.1\\]</h1>", _page);
        Assert.Contains("2.5 steps and reaches 25.0 dB: +8.4 dB", _page);
        Assert.Contains("<strong>1 of 2</strong>", _page);
    }

    [Fact]
    public void EveryRowIsInThePlotTheTableAndThePictures()
    {
        Assert.Equal(2, Regex.Count(_page, "<g class=\"point s"));
        Assert.Equal(1, Regex.Count(_page, "<g class=\"control\"><polyline points=\"[0-9., ]+\"/>"));
        Assert.Equal(5, Regex.Count(_page, "<th scope=\"row\""));
        Assert.Equal(5, Regex.Count(_page, "<figure"));
        Assert.Equal(4, Regex.Count(_page, "class=\"difference\""));
    }

    [Fact]
    public void TimelinesShowSharesAndDecisionsAgainstTheirThreshold()
    {
        // Baseline and two settings; controls compute everything.
        Assert.Equal(3, Regex.Count(_page, "<svg class=\"strip\""));
        Assert.Equal(4 + 2 + 2, Regex.Count(_page, "rect class=\"skipped\""));
        Assert.Equal(3, Regex.Count(_page, "rect class='computed'"));
        Assert.Equal(3 + 1 + 1, Regex.Count(_page, "rect class='partly'"));

        // The interval compares nothing: only the drift has a curve.
        Assert.Equal(1, Regex.Count(_page, "<g class=\"spark\">"));
        Assert.Equal(1, Regex.Count(_page, "class='threshold'"));
        Assert.Contains("limit 0.1<", _page);
        Assert.Contains("EC0.1: skipped in 1 of 2 decisions", _page);
    }

    // Many groups: colours are shared, names stand in the plot once, and of each group one setting is shown in full.
    [Fact]
    public void FamiliesShareAColourAndEachGroupIsShownOnce()
    {
        var report = ReportData.Report();
        var (drift, interval) = (report.Rows[1] with { Family = "forecast" }, report.Rows[2] with { Family = "forecast" });
        var slower = drift with { Label = "τ [0.2]", Control = drift.Control! with { Gain = 1 } };

        var page = ReportPage.Render(report with { Rows = [report.Rows[0], drift, slower, interval, .. report.Rows.Skip(3)] });

        Assert.Equal(3, Regex.Count(page, "<g class=\"point s0\">"));
        Assert.Equal(1, Regex.Count(page, "<text class='label s0'[^>]*>Drift &lt;b&gt;</text>"));
        Assert.Contains("<b>forecast</b>", page);
        Assert.Equal(2 + 2, Regex.Count(page[..page.IndexOf("The other settings", StringComparison.Ordinal)], "class=\"difference\""));
        Assert.Equal(6, Regex.Count(page, "<th scope=\"row\""));
    }

    [Fact]
    public void OneRowAloneMakesAPageToo()
    {
        var report = ReportData.Report();

        var page = ReportPage.Render(report with { Rows = [report.Rows[0]] });

        Assert.Contains("<h1>4 steps in 8.50 s</h1>", page);
        Assert.DoesNotContain("NaN", page);
    }

    [Fact]
    public void CoordinatesAreFinite() => Assert.DoesNotMatch("(NaN|Infinity|∞)", _page);
}
