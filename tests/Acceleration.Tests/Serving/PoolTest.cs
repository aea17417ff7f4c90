using Acceleration.Tests.Core;
using Acceleration.Tests.Toys;

namespace Acceleration.Tests.Serving;

/// <summary>A test of pools on a network that can be held, so that what waits and what runs is known without sleeping.</summary>
public abstract class PoolTest : LiveTensorTest
{
    private readonly List<IDisposable> _conditions = [];

    protected PoolTest()
    {
        Own(Net);
        Plain = Sampler.For(Net).Ddim(3, eta: 1).Build();
    }

    private protected HeldNetwork Net { get; } = new();

    /// <summary>Three steps with noise, unguided: three calls a request.</summary>
    protected Sampler Plain { get; }

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    protected override void Release() => _conditions.ForEach(c => c.Dispose());

    /// <summary>A request for these labels, which lives as long as the test.</summary>
    protected SamplingRequest Ask(long seed, params long[] labels)
    {
        var condition = Conditioning.Labels(labels);
        _conditions.Add(condition);
        return new() { Condition = condition, Seed = seed };
    }

    /// <summary>Holds the network and has a first request (label 0) wait inside it, so that whatever comes next is queued.</summary>
    protected async Task<Task<SamplingResult>> Occupy(SamplerPool pool)
    {
        Net.Hold();
        // Another plan: nothing is batched with it.
        var first = await pool.EnqueueAsync(Sampler.For(Net).Ddim(1).Build(), Ask(0, 0), cancellation: Token);
        await Net.Reached();
        return first;
    }

    /// <summary>The values of a result, and its trace; disposes it.</summary>
    protected static async Task<(float[] Values, Trace Trace)> Taken(Task<SamplingResult> task)
    {
        using var result = await task;
        return (result.Latents.Floats(), result.Trace);
    }

    protected static (float[] Values, Trace Trace) Alone(Sampler sampler, SamplingRequest request)
    {
        using var result = sampler.Generate(request, cancellation: Token);
        return (result.Latents.Floats(), result.Trace);
    }

    /// <summary>The same decisions and costs; the numbers that decided may be rounded differently.</summary>
    protected static void SameCost(Trace expected, Trace actual)
    {
        Assert.Equal(expected.Samples, actual.Samples);
        Assert.Equal(expected.Steps.Select(s => (s.Step, s.Rows, s.ComputedRows, s.MultiplyAdds, s.FullMultiplyAdds)), actual.Steps.Select(s => (s.Step, s.Rows, s.ComputedRows, s.MultiplyAdds, s.FullMultiplyAdds)));
        Assert.Equal(Decisions(expected), Decisions(actual));
    }

    private static IEnumerable<(int, Decision)> Decisions(Trace trace) => trace.Steps.SelectMany(s => s.Decisions.Select(d => (s.Step.Index, d with { Value = 0 })));

    /// <summary>What ended, in order.</summary>
    protected sealed class Seen : IPoolObserver
    {
        public List<RequestEnded> Ended { get; } = [];

        public List<BatchFailed> Failed { get; } = [];

        public int Stopped { get; private set; } = -1;

        public void RequestEnded(RequestEnded request)
        {
            lock (Ended)
            {
                Ended.Add(request);
            }
        }

        public void BatchFailed(BatchFailed batch) => Failed.Add(batch);

        public void Stopping(string pool, int requests) => Stopped = requests;
    }

    protected sealed class Told(Action<SamplingProgress> report) : IProgress<SamplingProgress>
    {
        public void Report(SamplingProgress value) => report(value);
    }
}
