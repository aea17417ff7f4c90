using System.Text;
using Acceleration.Reporting;
using static TorchSharp.torch;

namespace Acceleration.Benchmarks;

/// <summary>Many mixed requests through a pool: whether tensors or memory are left behind.</summary>
internal static class LoadCommand
{
    public const string What = "mixed requests through a pool, some cancelled, some failing: a chart of live tensors and resident memory; fails when one grows [--requests 1000] [--every 20] [--svg FILE]";

    private const int SettledAfter = 100;

    // Pages come and go with the collector, and freed memory of one size waits for the next of that size.
    private const double Tolerance = 0.03;

    public static int Run(Options options)
    {
        var (requests, every, svg) = (options.Number("--requests", 1000), options.Number("--every", 20), options.Path("--svg"));
        options.RequireAllRead();
        using var network = SampleNetwork.Load(ScalarType.Float32);
        Page.Machine(network.Info, [ScalarType.Float32]);
        var points = MixedLoad.RunAsync(network, requests, every).GetAwaiter().GetResult();
        var good = Judge(points);
        if (svg is not null)
        {
            WholeFile.Write(svg, Encoding.UTF8.GetBytes(LoadChart.Svg(points)));
            Page.Line($"Chart: {Path.GetFullPath(svg)}");
        }

        return good ? 0 : 1;
    }

    private static bool Judge(IReadOnlyList<LoadPoint> points)
    {
        LoadChart.Print(points);
        var settled = points.First(p => p.Requests >= Math.Min(SettledAfter, points[^1].Requests));
        var after = points.Where(p => p.Requests >= settled.Requests).ToArray();
        var growth = (after.Max(p => p.ResidentMebi) / settled.ResidentMebi) - 1;
        var left = points[^1].LiveTensors - points[0].LiveTensors;
        var good = points.All(p => p.LiveTensors == points[0].LiveTensors) && growth <= Tolerance;
        var last = points[^1];
        Page.Line($"{last.Completed} completed, {last.Cancelled} cancelled, {last.Failed} failed in {last.Seconds:0} s; {last.Batched} ran in a batch with others.");
        Page.Line($"{(good ? "Good" : "BAD")}: {left} tensors left behind; resident memory {growth * 100:+0.0;-0.0} % at most after the first {settled.Requests} requests (allowed {Tolerance * 100:0.#} %).");
        return good;
    }
}
