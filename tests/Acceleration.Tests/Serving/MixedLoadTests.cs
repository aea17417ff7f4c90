using Acceleration.Tests.Core;
using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Serving;

/// <summary>A hundred requests of several sizes and plans, some of which are cancelled or fail, leave nothing behind. The benchmark <c>load</c> is the same with a thousand.</summary>
public sealed class MixedLoadTests : LiveTensorTest
{
    private const int Requests = 100;
    private const int Wave = 20;
    private static readonly long[][] Sizes = [[1, 4, 4], [1, 8, 4], [1, 8, 8]];
    private readonly ChainToy _chain = new(type: PredictionType.Epsilon);
    private readonly IDenoiser _network;

    public MixedLoadTests()
    {
        _network = Denoiser.From(_chain.Info, (x, t, c, e) => c["labels"].data<long>().Contains(9) ? throw new FormatException("label 9") : _chain.Predict(x, t, c, e));
        Own(_network, _chain);
    }

    [Fact]
    public async Task LeaveLiveTensorsAndMemoryAsTheyWere()
    {
        string[] plans = ["ddim6+CFG2", "ddim5+CFG2+EC0.1", "ddim6+DD2x2b3", "ddim6+CFG2+AG0.9", "ddim5+TM0.5"];
        var samplers = plans.Select(p => Sampler.For(_network).Plan(AccelerationPlan.Parse(p)).Build()).ToArray();
        await using var pool = new SamplerPool(new() { Capacity = 8, MaxBatchSamples = 6 });
        var before = LiveTensors.Count();
        var outcomes = new List<RequestOutcome>();
        var resident = new List<long>();
        for (var wave = 0; wave < Requests / Wave; wave++)
        {
            outcomes.AddRange(await Task.WhenAll(Enumerable.Range(wave * Wave, Wave).Select(i => Run(pool, samplers[i % 5], i))));

            // Fewer are no leak: something older was finalized.
            Assert.InRange(Tensor.TotalCount, 0, before);
            GC.Collect();
            resident.Add(Environment.WorkingSet);
        }

        Assert.Equal((70, 10, 20), (outcomes.Count(o => o == RequestOutcome.Completed), outcomes.Count(o => o == RequestOutcome.Failed), outcomes.Count(o => o == RequestOutcome.Cancelled)));

        // One leaked step of each request would be more than that; pages of the compiler and the collector are less.
        Assert.InRange(resident[^1] - resident[0], long.MinValue, 64 << 20);
    }

    private static async Task<RequestOutcome> Run(SamplerPool pool, Sampler sampler, int i)
    {
        using var condition = Conditioning.Labels(i % 10 == 7 ? [9] : [.. Enumerable.Range(0, 1 + (i % 3)).Select(k => (long)(i + k) % 9)]);
        using var source = new CancellationTokenSource();

        // Some while they run; some when they have just been queued, or else in their first step.
        var cancelled = i % 10 is 3 or 5;
        var request = new SamplingRequest { Condition = condition, Seed = i, Size = Sizes[i % 3], PreviewEvery = i % 4 };
        try
        {
            var task = pool.GenerateAsync(sampler, request, $"client {i % 3}", new FirstStep(cancelled ? source.Cancel : null), source.Token);
            if (i % 10 == 5)
            {
                await source.CancelAsync();
            }

            using var result = await task;
            Assert.Equal([condition.Rows, .. Sizes[i % 3]], result.Latents.shape);
            return RequestOutcome.Completed;
        }
        catch (OperationCanceledException)
        {
            return RequestOutcome.Cancelled;
        }
        catch (SamplingException)
        {
            return RequestOutcome.Failed;
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
}
