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

    /// <summary>One network in two forms, of which one counts differently: half the steps are half the work in either.</summary>
    [Fact]
    public void OfOneNetworkArithmeticIsCountedInItsEvaluations()
    {
        using var network = ToyNetwork.Make();
        using var other = Denoiser.From(ToyNetwork.Info with { Name = "exported", Sites = new(new CostModel(7)) }, (latents, _, _) => latents * 0.9f);
        using var condition = Conditioning.Labels(1);
        var request = new SamplingRequest { Condition = condition, Seed = 1 };

        double?[] Arithmetic(Func<Comparison, Comparison> choose) =>
        [
            .. choose(new Comparison("12 steps", ToyNetwork.Sample(network, 12)).Variant("form", "12", ToyNetwork.Sample(other, 12)).Variant("form", "6", ToyNetwork.Sample(other, 6)).Repeats(1))
                .Run(request, null, TestContext.Current.CancellationToken).Rows.Select(r => r.ArithmeticSpeedup),
        ];

        Assert.Equal([1, 1, 2], Arithmetic(c => c.OfOneNetwork()));
        Assert.Equal([1, 1000 / 7.0, 2000 / 7.0], Arithmetic(c => c).Select(a => Math.Round(a!.Value, 9)), (a, b) => Math.Abs(a - b) < 1e-6);
    }
}
