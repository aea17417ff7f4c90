using System.Diagnostics;
using static TorchSharp.torch;

namespace Acceleration.Benchmarks;

/// <summary>
/// Requests of three sizes, five plans and one to three samples, from three clients. Of every ten one is cancelled in the queue, one while it runs, and one fails in the network.
/// </summary>
internal static class MixedLoad
{
    private const int Failing = 9;
    private const double Mebi = 1 << 20;
    private static readonly long[] Sides = [8, 12, 16];

    /// <summary>A point before the first request, and one whenever <paramref name="every"/> more have ended.</summary>
    public static async Task<IReadOnlyList<LoadPoint>> RunAsync(IDenoiser weights, int requests, int every)
    {
        using var network = Denoiser.From(weights.Info, (x, t, c, e) => Fails(c) ? throw new InvalidOperationException("A label that fails.") : weights.Predict(x, t, c, e));
        Sampler[] samplers = [.. Plans().Select(p => Settings.Sampler(network, 6, p))];
        await WarmUp(samplers[0]);
        var counts = new Counts();
        await using var pool = new SamplerPool(new() { Capacity = 16, Observer = counts });
        var (start, points) = (Stopwatch.GetTimestamp(), new List<LoadPoint>());
        for (var done = 0; ; done = Math.Min(requests, done + every))
        {
            points.Add(new(done, Tensor.TotalCount, Resident.Now() / Mebi, counts.Completed, counts.Cancelled, counts.Failed, counts.Batched, Stopwatch.GetElapsedTime(start).TotalSeconds));
            if (done == requests)
            {
                return points;
            }

            await Task.WhenAll(Enumerable.Range(done, Math.Min(every, requests - done)).Select(i => Run(pool, samplers[i % samplers.Length], i)));
        }
    }

    private static IStrategy[][] Plans() => [[], [new EasyCache(0.1)], [new IntervalForecast(2)], [new DeltaDiT(2, 5, 3)], [new AdaptiveGuidance(0.99)]];

    private static bool Fails(Conditioning condition) => condition["labels"].data<long>().Contains(Failing);

    /// <summary>The network makes its position table when it is first asked for a size.</summary>
    private static async Task WarmUp(Sampler sampler)
    {
        using var condition = Conditioning.Labels(0);
        foreach (var side in Sides)
        {
            (await sampler.GenerateAsync(new SamplingRequest { Condition = condition, Size = [1, side, side] })).Dispose();
        }
    }

    private static async Task Run(SamplerPool pool, Sampler sampler, int i)
    {
        using var condition = Conditioning.Labels(i % 10 == 7 ? [Failing] : [.. Enumerable.Range(0, 1 + (i / 5 % 3)).Select(k => (long)(i + k) % Failing)]);
        using var source = new CancellationTokenSource();
        var side = Sides[i / 5 % 3];
        var request = new SamplingRequest { Condition = condition, Seed = i, Size = [1, side, side] };
        try
        {
            var task = pool.GenerateAsync(sampler, request, $"client {i % 3}", new FirstStep(i % 10 is 3 or 5 ? source.Cancel : null), source.Token);
            if (i % 10 == 5)
            {
                await source.CancelAsync();
            }

            (await task).Dispose();
        }
        catch (Exception e) when (e is OperationCanceledException or SamplingException)
        {
            // The observer counts.
        }
    }

    private sealed class FirstStep(Action? act) : IProgress<SamplingProgress>
    {
        public void Report(SamplingProgress value)
        {
            if (value.Step == 1)
            {
                act?.Invoke();
            }
        }
    }

    private sealed class Counts : IPoolObserver
    {
        private int _completed;
        private int _cancelled;
        private int _failed;
        private int _batched;

        public int Completed => _completed;

        public int Cancelled => _cancelled;

        public int Failed => _failed;

        public int Batched => _batched;

        public void RequestEnded(RequestEnded request)
        {
            Interlocked.Increment(ref request.Outcome == RequestOutcome.Completed ? ref _completed : ref request.Outcome == RequestOutcome.Failed ? ref _failed : ref _cancelled);
            if (request.BatchSamples > request.Samples)
            {
                Interlocked.Increment(ref _batched);
            }
        }

        public void BatchFailed(BatchFailed batch)
        {
        }

        public void Stopping(string pool, int requests)
        {
        }
    }
}
