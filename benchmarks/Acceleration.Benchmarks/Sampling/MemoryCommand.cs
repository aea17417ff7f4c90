using static TorchSharp.torch;

namespace Acceleration.Benchmarks;

/// <summary>Many requests in a row, each with another strategy: whether tensors or memory are left behind.</summary>
internal static class MemoryCommand
{
    public const string What = "requests in a row: live tensors and resident memory; fails when one grows [--requests 200] [--steps 8] [--samples 2] [--dtype float32]";

    private const int SettledAfter = 20;
    private const int Every = 20;
    private const double Mebi = 1 << 20;

    // Pages come and go with the collector. In a runtime that recompiles methods as they get hot, its code adds a few MiB over the first thousands of calls.
    private const double Tolerance = 0.01;

    public static int Run(Options options)
    {
        var (requests, steps, samples, types) = (options.Number("--requests", 200), options.Number("--steps", 8), options.Number("--samples", 2), options.Types(ScalarType.Float32));
        options.RequireAllRead();
        var good = true;
        foreach (var dtype in types)
        {
            using var network = SampleNetwork.Load(dtype);
            using var condition = SampleNetwork.Labels(network.Info, samples);
            Page.Machine(network.Info, [dtype]);
            good &= Measure([.. Settings.All(steps).Select(s => Settings.Sampler(network, steps, s.Strategies))], condition, requests);
        }

        return good ? 0 : 1;
    }

    private static bool Measure(Sampler[] samplers, Conditioning condition, int requests)
    {
        // The network makes its position table when it is first asked for a size.
        Request.Run(samplers[0], condition).Dispose();
        var table = Page.Table("requests", "live tensors", "resident MiB", "of which .NET heap");
        long before = Tensor.TotalCount, after = before;
        double settled = double.NaN, most = 0;
        Page.Row(table, "0", $"{before}", $"{Resident.Now() / Mebi:0.0}", $"{Managed():0.0}");
        for (var i = 1; i <= requests; i++)
        {
            Request.Run(samplers[i % samplers.Length], condition).Dispose();
            if (i % Every != 0 && i != requests)
            {
                continue;
            }

            // Counted before the collector runs: nothing may rely on finalizers.
            after = Tensor.TotalCount;
            var resident = Resident.Now() / Mebi;
            settled = i <= SettledAfter ? resident : settled;
            most = i > SettledAfter ? Math.Max(most, resident) : most;
            Page.Row(table, $"{i}", $"{after}", $"{resident:0.0}", $"{Managed():0.0}");
        }

        var growth = requests > SettledAfter ? (most / settled) - 1 : 0;
        var good = after == before && growth <= Tolerance;
        Page.Write(table);
        Page.Line($"{(good ? "Good" : "BAD")}: {after - before} tensors left behind, resident memory {growth * 100:+0.0;-0.0} % at most after the first {SettledAfter} requests (allowed {Tolerance * 100:0.#} %).");
        return good;
    }

    private static double Managed() => GC.GetGCMemoryInfo().TotalCommittedBytes / Mebi;
}
