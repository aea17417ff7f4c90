using Acceleration.Reporting;
using Acceleration.Tool;

namespace Acceleration.Tests.Tool;

public sealed class CompareTests : ToolTest
{
    [Fact]
    public void PlansAreComparedWithTheBaselineAndFewerSteps()
    {
        File.WriteAllText(PathOf("mild.json"), AccelerationPlan.Parse("EC0.02").ToJson());
        var (code, output, _) = Run(
            "compare", Tiny, "--plan", "IF2", "--plan", PathOf("mild.json"), "--steps", "6", "--labels", "0,1", "--repeats", "1", "--dtype", "float32", "-o", PathOf("out"));

        Assert.Equal(0, code);
        Assert.Contains("report.html", output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(PathOf("out"), "report.html")));
        var report = ComparisonReport.FromJson(File.ReadAllText(Path.Combine(PathOf("out"), "report.json")));
        Assert.True(report.Complete);
        Assert.Equal(["baseline", "IF2", "mild", "control", "control", "control"], report.Rows.Select(r => r.Group).Take(6));
        Assert.Equal([6, 6, 6, 4, 3, 2, 1], report.Rows.Select(r => r.Steps));
    }

    [Fact]
    public void PresetsAreRowsThatTheirTagsMakeAgain()
    {
        var (code, output, error) = Run("compare", Tiny, "--preset", "fast", "--plan", "IF2", "--preset", "quality", "--steps", "6", "--labels", "0,1", "--repeats", "1", "--dtype", "float32", "--json", "-o", PathOf("out"));
        Assert.True(code == 0, error);
        var rows = ComparisonReport.FromJson(output).Rows;
        using var network = Acceleration.Models.Networks.Load(Tiny);
        var (fast, quality) = (Preset.Fast.For(network.Info).Tag, Preset.Quality.For(network.Info).Tag);
        Assert.Equal(["baseline", "IF2", $"fast: {fast}", $"quality: {quality}", "control"], rows.Select(r => r.Group).Take(5));
        Assert.Equal($"ddim6+CFG2+{fast}", rows[2].Tag);
        Assert.True(rows[2].Psnr > 10, $"{rows[2].Psnr}");
    }

    [Fact]
    public void WhatIsStackedOnStagesHasTheStagesAsItsReference()
    {
        var (code, output, _) = Run(
            "compare", Tiny, "--plan", "BN1n4/0.5n4w0.8/1n4w0.5+IF2", "--plan", "BN1n4/0.5n4w0.8/1n4w0.5+EC0.02", "--steps", "6", "--labels", "0", "--repeats", "1", "--dtype", "float32", "--json", "-o", PathOf("out"));

        Assert.Equal(0, code);
        var report = ComparisonReport.FromJson(output);
        var alone = report.Rows.Single(r => r.Group == "stages alone");
        Assert.Null(alone.Against);
        Assert.Equal([alone.Name], report.Rows.Where(r => r.Tag.Contains("IF2", StringComparison.Ordinal) || r.Tag.Contains("EC", StringComparison.Ordinal)).Select(r => r.Against).Distinct());
        Assert.Equal(3, report.Rows.Count(r => r.Kind == RowKind.Control && r.Against == alone.Name && r.Steps < alone.Steps));
    }

    [Fact]
    public void JsonIsTheWholeReport()
    {
        var (code, output, _) = Run("compare", Tiny, "--plan", "EC0.1", "--steps", "3", "--labels", "4", "--repeats", "1", "--dtype", "float32", "--json", "-o", PathOf("out"));
        Assert.Equal(0, code);
        Assert.Equal("EC0.1", ComparisonReport.FromJson(output).Rows[1].Group);
    }

    [Fact]
    public void TheControlIsAlwaysThere()
    {
        for (var steps = 2; steps <= 200; steps++)
        {
            var controls = CompareRun.Controls(steps);
            Assert.NotEmpty(controls);
            Assert.All(controls, c => Assert.InRange(c, 1, steps - 1));
        }
    }
}
