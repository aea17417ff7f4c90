using Acceleration.Reporting;

namespace Acceleration.Tests.Reporting;

/// <summary>Comparisons that are judged by arithmetic, not by seconds.</summary>
public sealed class ArithmeticComparisonTests
{
    /// <summary>A control of half the steps has half the arithmetic, however long either takes.</summary>
    [Fact]
    public void ByArithmeticASettingIsHeldAgainstFewerStepsOfTheSameArithmetic()
    {
        using var network = ToyNetwork.Make();
        using var condition = Conditioning.Labels(1, 5, 9);
        var request = new SamplingRequest { Condition = condition, Seed = 1 };
        var comparison = new Comparison("12 steps", ToyNetwork.Sample(network, 12))
            .Variant("every n-th", "2", ToyNetwork.Sample(network, 12, new Cached(Where.Prediction, new Interval(2, 1, false), How.LastValue)), family: "values")
            .Control("6 steps", ToyNetwork.Sample(network, 6))
            .Control("3 steps", ToyNetwork.Sample(network, 3))
            .Repeats(1).ByArithmetic();

        var report = comparison.Run(request, null, TestContext.Current.CancellationToken);

        Assert.Equal(2, report.Rows[1].Judged.Median, 9);
        Assert.Equal((6, Bound.Exact), (report.Rows[1].Control!.Steps, report.Rows[1].Control!.Bound));
        Assert.Equal(report.Rows[1].Psnr - report.Rows[2].Psnr, report.Rows[1].Control!.Gain, 9);
        Assert.Equal("values", report.Rows[1].Family);
        Assert.Contains("times less arithmetic", ReportPage.Render(report), StringComparison.Ordinal);
        Assert.Equal(report.Rows[1].Judged, ComparisonReport.FromJson(report.ToJson()).Rows[1].Judged);
    }
}
