using Acceleration.Reporting;
using static TorchSharp.torch;

namespace Acceleration.Benchmarks;

/// <summary>The same queue of one-sample requests through pools of different bounds, in turn: seconds in all, as ratios to one at a time.</summary>
internal static class BatchingCommand
{
    public const string What = "what a pool gains by batching requests, and by a second worker [--side 8,16,32] [--rounds 5]";

    private const int Requests = 16;

    public static int Run(Options options)
    {
        var (sides, rounds) = (options.Numbers("--side", 8, 16, 32), options.Number("--rounds", 5));
        options.RequireAllRead();
        using var network = SampleNetwork.Load(ScalarType.Float32);
        Page.Machine(network.Info, [ScalarType.Float32]);
        foreach (var side in sides)
        {
            Measure(network, side, rounds);
        }

        Page.Line($"{Requests} requests of one sample, eight steps of EasyCache τ 0.1 with guidance, queued at once; medians and ranges of {rounds} rounds, each against the first line of its round.");
        return 0;
    }

    private static void Measure(IDenoiser network, long side, int rounds)
    {
        var sampler = Settings.Sampler(network, 8, new EasyCache(0.1));
        SamplerPoolOptions[] pools =
        [
            new() { MaxBatchSamples = 1 },
            new() { MaxBatchSamples = 1, Workers = 2 },
            new() { MaxBatchSamples = 2 },
            new() { MaxBatchSamples = 4 },
            new() { MaxBatchSamples = 8 },
            new() { MaxBatchSamples = 16 },
            new() { MaxBatchSamples = 4, Workers = 2 },
        ];
        var times = Turns.Run(rounds, [.. pools.Select(p => (Action)(() => Run(p, sampler, side).GetAwaiter().GetResult()))]);
        var table = Page.Table($"{side}×{side}: samples in a batch, workers", "s", "requests/s", "throughput");
        for (var i = 0; i < pools.Length; i++)
        {
            var seconds = Spread.Of([.. times[i].Select(ms => ms / 1e3)]);
            Page.Row(table, $"{pools[i].MaxBatchSamples}, {pools[i].Workers}", Page.Range(seconds, "0.00"), $"{Requests / seconds.Median:0.0}", $"{Page.Range(Turns.Ratio(times[0], times[i]), "0.00")}×");
        }

        Page.Write(table);
    }

    private static async Task Run(SamplerPoolOptions options, Sampler sampler, long side)
    {
        await using var pool = new SamplerPool(options with { Capacity = Requests });
        await Task.WhenAll(Enumerable.Range(0, Requests).Select(async i =>
        {
            using var condition = Conditioning.Labels(i % 10);
            (await pool.GenerateAsync(sampler, new() { Condition = condition, Seed = i, Size = [1, side, side] })).Dispose();
        }));
    }
}
