using System.Text.Json;
using Acceleration.Reporting;
using SkiaSharp;

namespace Acceleration.Tests.Reporting;

public sealed class ReportFilesTests : IDisposable
{
    private readonly string _directory = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    public void Dispose()
    {
        if (Directory.Exists(_directory))
        {
            Directory.Delete(_directory, recursive: true);
        }
    }

    [Fact]
    public void JsonComesBackAsItWent()
    {
        var json = ReportData.Report().ToJson();

        var back = ComparisonReport.FromJson(json);

        Assert.Equal(json, back.ToJson());
        Assert.Equal(0.12, back.Rows[1].Trace[1].Decisions[1].Value);
        Assert.Null(back.Rows[2].Trace[1].Decisions[0].Value);
        Assert.Equal(ReportData.Report().Rows[1].Pictures.Pixels, back.Rows[1].Pictures.Pixels);
        Assert.Throws<JsonException>(() => ComparisonReport.FromJson(json.Replace("\"schema\":1", "\"schema\":2")));
    }

    [Fact]
    public void TheFolderHoldsThePageTheNumbersAndAPictureForEveryRow()
    {
        var page = ReportFolder.Write(ReportData.Report(), _directory);

        Assert.Equal(Path.Combine(_directory, "report.html"), page);
        Assert.Equal(
            ["pictures/00-baseline.png", "pictures/01-drift-b-0.1.png", "pictures/02-interval-every-2.png", "pictures/03-control-3-steps.png", "pictures/04-control-1-steps.png", "report.html", "report.json"],
            Directory.GetFiles(_directory, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(_directory, f).Replace('\\', '/')).Order(StringComparer.Ordinal));
        Assert.Equal(ReportPage.Render(ReportData.Report()), File.ReadAllText(page));
    }

    [Fact]
    public void APngHoldsThePixels()
    {
        var path = Path.Combine(_directory, "grid.png");
        var grid = PictureGrid.Of(new(2, 3, 1, 1, [10, 20, 30, 200, 100, 50]), columns: 2, scale: 2, gap: 1);

        PngWriter.Write(path, grid);

        using var read = SKBitmap.Decode(path);
        Assert.Equal((6, 2), (read.Width, read.Height));
        Assert.Equal(new SKColor(10, 20, 30), read.GetPixel(1, 1));
        Assert.Equal(0, read.GetPixel(2, 0).Alpha);
        Assert.Equal(new SKColor(200, 100, 50), read.GetPixel(4, 0));
    }
}
