using Acceleration.Reporting;

namespace Acceleration.Tests.Reporting;

public sealed class DecisionTrackTests
{
    [Fact]
    public void AStepIsTheMedianAndRangeOfWhatItsSamplesCompared()
    {
        DecisionRecord[] decisions =
        [
            new("EC0.1", "network", 0, true, 0.02, 0.1),
            new("EC0.1", "network", 1, true, 0.06, 0.1),
            new("EC0.1", "network", 2, true, 0.08, 0.1),
            new("EC0.1", "network", 3, false, 0.12, 0.1),
            new("AG1", "prediction", 0, false, 0.5, 0.99),
            new("IF2", "prediction", 0, true, null, null),
        ];

        var tracks = DecisionTrack.Of(ReportData.Row(RowKind.Variant, "stack", "both", [1, 1, 1], 30, 2, decisions));

        Assert.Equal(["EC0.1", "AG1"], tracks.Select(t => t.Strategy));
        Assert.Null(tracks[0].Points[0]);
        var point = tracks[0].Points[1]!;
        Assert.Equal((0.07, 0.02, 0.12), (Math.Round(point.Value.Median, 12), point.Value.Min, point.Value.Max));
        Assert.Equal(0.1, point.Threshold!.Value, 1e-12);
        Assert.Equal(0.75, point.Skipped);
        Assert.Equal(0, tracks[1].Points[1]!.Skipped);
    }
}
