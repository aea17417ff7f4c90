using Acceleration.Reporting;
using Acceleration.Tests.Core;

namespace Acceleration.Tests.Reporting;

/// <summary>Runs from tags, against the baseline.</summary>
public sealed class CombinationStudyTests : LiveTensorTest
{
    [Fact]
    public void ARunIsMadeFromItsTagAndComesOutAlikeAgain()
    {
        using var network = ToyNetwork.Make();
        using var study = new CombinationStudy(network, new("toy", "Float32", "ddim8", 3, [1, 5], ReportData.Report().Machine), TestContext.Current.CancellationToken);

        var first = study.Run("interval", "last value", "ddim8+C:prediction:every2f:out");

        Assert.Equal(2, first.Speedup, 6);
        Assert.Equal(4, first.Evaluations);
        Assert.InRange(first.Psnr, 5, 99);
        Assert.Equal(first, study.Run("interval", "last value", first.Tag));
        Assert.Equal(ImageMetrics.PsnrCap, study.Run(CombinationRun.FewerSteps, "", "ddim8").Psnr);
    }
}
