using Acceleration.Reporting;

namespace Acceleration.Tests.Reporting;

/// <summary>Raw results that are written run by run.</summary>
public sealed class CombinationFileTests : IDisposable
{
    private static readonly CombinationRun First = new("interval", "line", 2.5, 40, 41.125, "ddim50+IF3");
    private static readonly CombinationRun Second = new("drift, “τ”", "last value", 3, 33.25, 30, "ddim50+EC0.1");
    private static readonly CombinationSetup Setup = new("toy", "Float32", "ddim50", 1, [0, 3], ReportData.Report().Machine);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    private string Path => System.IO.Path.Combine(_folder.FullName, "deeper", "runs.jsonl");

    public void Dispose() => _folder.Delete(true);

    [Fact]
    public void WhatWasWrittenIsRead()
    {
        Begin(First, Second);

        var file = CombinationFile.Read(Path);

        Assert.Equal([First, Second], file.Runs);
        Assert.Equal((Setup.Baseline, Setup.Seed, Setup.Machine), (file.Setup.Baseline, file.Setup.Seed, file.Setup.Machine));
        Assert.Equal(Setup.Labels, file.Setup.Labels);
    }

    // As a run that is killed while it writes leaves it.
    [Theory]
    [InlineData("{\"decision\":\"dri")]
    [InlineData("{")]
    public void ALineThatWasCutOffIsDroppedByTheNext(string torn)
    {
        Begin(First);
        File.AppendAllText(Path, torn);

        Assert.Equal([First], CombinationFile.Read(Path).Runs);
        CombinationFile.Add(Path, Second);
        Assert.Equal([First, Second], CombinationFile.Read(Path).Runs);
    }

    [Theory]
    [InlineData("{\"decision\":\"drift\"}\n", "line 3")]
    [InlineData("null\n", "line 3")]
    [InlineData("[]\n", "line 3")]
    public void ALineOfAnotherFormIsNamed(string line, string named)
    {
        Begin(First);
        File.AppendAllText(Path, line);

        Assert.Contains(named, Assert.Throws<FormatException>(() => CombinationFile.Read(Path)).Message);
    }

    [Fact]
    public void AFileIsNotBegunTwiceAndNotReadWithoutItsSetup()
    {
        Begin();
        Assert.Throws<IOException>(() => CombinationFile.Begin(Path, Setup));
        File.WriteAllText(Path, "");
        Assert.Contains("no whole line", Assert.Throws<FormatException>(() => CombinationFile.Read(Path)).Message);
    }

    /// <summary>What is committed: each run can be built from its tag alone.</summary>
    [Fact]
    public void RecordedTagsArePlans()
    {
        var file = CombinationFile.Read(System.IO.Path.Combine(AppContext.BaseDirectory, "Fixtures", "results", "combinations.jsonl"));

        Assert.True(file.Runs.Count > 100);
        Assert.All(file.Runs, r => Assert.Equal(r.Decision == CombinationRun.FewerSteps ? 0 : 1, AccelerationPlan.Parse(r.Tag).Strategies.OfType<Cached>().Count()));
        Assert.All(new double[] { 2, 3, 4 }, s => Assert.NotEmpty(new CombinationMap(file.Runs, s).Ranking));
    }

    private void Begin(params CombinationRun[] runs)
    {
        CombinationFile.Begin(Path, Setup);
        Array.ForEach(runs, r => CombinationFile.Add(Path, r));
    }
}
