using Acceleration.Tests.Diagnostics.Trajectories;
using Acceleration.Tests.Toys;

namespace Acceleration.Tests.Caching.Calibrated.Recorded;

/// <summary>Records toys, and what really flowed beside it.</summary>
internal static class Recording
{
    /// <summary>Records a request of some samples, seed 5.</summary>
    public static TrajectoryRecorder Of(SamplerBuilder builder, int samples, params IReadOnlyList<ITrajectoryStatistic> statistics)
    {
        var recorder = TrajectoryRecorder.For(builder, statistics);
        var request = Toy.Request(samples);
        using var condition = request.Condition;
        recorder.Record(request, cancellation: TestContext.Current.CancellationToken);
        return recorder;
    }

    /// <summary>Outputs, and inputs, of some sites in a plain run of the same request.</summary>
    public static Dictionary<(string Site, RowId Row, int Step), (float[] Input, float[] Output)> Flown(SamplerBuilder builder, int samples, Where where)
    {
        var (probe, flown) = Everything.Direct(where);
        Toy.Run(builder.Use(probe).Build(), samples);
        return flown;
    }

    public static double Cosine(float[] a, float[] b) => a.Zip(b, (x, y) => (double)x * y).Sum() / Math.Sqrt(a.Sum(x => (double)x * x) * b.Sum(x => (double)x * x));

    public static double Distance(float[] a, float[] b) => a.Zip(b, (x, y) => Math.Abs((double)x - y)).Sum();

    public static double Size(float[] a) => a.Sum(x => Math.Abs((double)x));

    public static void Equal(double expected, double actual) => Assert.InRange(actual, expected - (1e-5 * Math.Abs(expected)) - 1e-9, expected + (1e-5 * Math.Abs(expected)) + 1e-9);
}
