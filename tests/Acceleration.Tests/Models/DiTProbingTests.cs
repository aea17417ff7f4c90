
namespace Acceleration.Tests.Models;

/// <summary>Strategies may run a body on some rows, on some tokens, in pieces, or again: the parts make the same whole.</summary>
public sealed class DiTProbingTests : ModelTest
{
    [Fact]
    public void EverySiteHoldsWhatStrategiesRelyOn()
    {
        using var network = Load(SampleNetwork);
        using var labels = Conditioning.Labels(0, 10, 9);

        var report = NetworkCheck.Run(network, rows: 3, size: [1, 8, 12], condition: labels);

        report.ThrowIfFailed();
        Assert.Equal(network.Info.Sites.All.Select(s => s.Path).Except(["prediction"]).Order(), report.Findings.Select(f => f.Site).Distinct().Order());
    }
}
