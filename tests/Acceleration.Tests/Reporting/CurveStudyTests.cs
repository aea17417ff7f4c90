using Acceleration.Reporting;
using Acceleration.Tests.Core;

namespace Acceleration.Tests.Reporting;

/// <summary>What a point of a curve says.</summary>
public sealed class CurveStudyTests : LiveTensorTest
{
    // Seven pictures in batches of three: the last batch is smaller, and no picture costs less for being in company.
    [Theory]
    [InlineData(7, 3)]
    [InlineData(7, 7)]
    [InlineData(2, 50)]
    public void EvaluationsArePerPictureHoweverManyAreSampledTogether(int pictures, int batch)
    {
        using var network = ToyNetwork.Make();
        using var study = new CurveStudy(pictures, (from, rows) => Conditioning.Labels([.. Enumerable.Range(from, rows).Select(i => i % 10L)])) { Batch = batch, Cancellation = TestContext.Current.CancellationToken };
        var many = ToyNetwork.Sample(network, 8);
        var reference = study.Reference("eight", many);
        var point = study.Measure(null, "three", ToyNetwork.Sample(network, 3), many);

        Assert.Equal((8.0, 3.0, 3.0), (reference.Evaluations, point.Evaluations, point.X));
        Assert.Equal(100, reference.Psnr);
        Assert.InRange(point.Psnr, 0, 99.9);
    }
}
