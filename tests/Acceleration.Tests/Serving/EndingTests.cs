using Acceleration.Tests.Toys;

namespace Acceleration.Tests.Serving;

/// <summary>Cancelled and failing requests end alone; a pool that stops ends what it has. Nothing stays alive (the base class counts).</summary>
public sealed class EndingTests : PoolTest
{
    private readonly ChainToy _chain = new();

    public EndingTests() => Own(_chain);

    private static async Task IsCancelled(Task task, CancellationToken token)
    {
        var e = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);
        Assert.True(task.IsCanceled);
        Assert.Equal(token, e.CancellationToken);
    }

    [Fact]
    public async Task AQueuedRequestThatIsCancelledLeavesAtOnceAndNeverRuns()
    {
        await using var pool = new SamplerPool(new() { Capacity = 2 });
        var first = await Occupy(pool);
        using var source = new CancellationTokenSource();
        var queued = await pool.EnqueueAsync(Plain, Ask(1, 1), cancellation: source.Token);
        var kept = await pool.EnqueueAsync(Plain, Ask(1, 2), cancellation: Token);
        var outside = pool.EnqueueAsync(Plain, Ask(1, 3), cancellation: source.Token).AsTask();
        var inside = pool.EnqueueAsync(Plain, Ask(1, 4), cancellation: Token).AsTask();
        await source.CancelAsync();

        await IsCancelled(queued, source.Token);
        await IsCancelled(outside, source.Token);
        var last = await inside;
        Assert.Equal(2, pool.Queued);
        Net.Release();
        (await first).Dispose();
        (await kept).Dispose();
        (await last).Dispose();
        Assert.DoesNotContain(Net.Calls, c => c.Contains(1) || c.Contains(3));
    }

    [Fact]
    public async Task OneThatIsCancelledBeforeItComesIsNotTaken()
    {
        await using var pool = new SamplerPool();
        await IsCancelled(pool.GenerateAsync(Plain, Ask(1, 1), cancellation: new(canceled: true)), new(canceled: true));
        Assert.Empty(Net.Calls);
    }

    [Fact]
    public async Task ARunningOneStopsBetweenBlocks()
    {
        await using var pool = new SamplerPool();
        using var source = new CancellationTokenSource();
        _chain.InBlock = block => Cancel(block == 1, source);
        var request = Ask(1, 1);
        var task = pool.GenerateAsync(Sampler.For(_chain).FlowEuler(3).Build(), request, cancellation: source.Token);
        await IsCancelled(task, source.Token);
        Assert.Equal((1, 0), (_chain.CountOf("blocks.1"), _chain.CountOf("blocks.2")));
    }

    [Fact]
    public async Task AMemberThatIsCancelledDoesNotDisturbTheOthers()
    {
        await using var pool = new SamplerPool();
        var first = await Occupy(pool);
        using var source = new CancellationTokenSource();
        var steps = 0;
        Net.OnCall = labels => Cancel(labels.Length == 2 && ++steps == 2, source);
        SamplingRequest cancelled = Ask(1, 1), kept = Ask(2, 2);
        var reports = 0;
        var gone = pool.GenerateAsync(Plain, cancelled, progress: new Told(_ => reports++), cancellation: source.Token);
        var stays = pool.GenerateAsync(Plain, kept, cancellation: Token);
        Net.Release();
        (await first).Dispose();
        await IsCancelled(gone, source.Token);
        Assert.Equal(Alone(Plain, kept).Values, (await Taken(stays)).Values);
        Assert.Equal(1, reports);
    }

    [Fact]
    public async Task ABatchStopsBetweenBlocksWhenTheLastMemberLeaves()
    {
        var sampler = Sampler.For(_chain).FlowEuler(3).Build();
        await using var pool = new SamplerPool();
        var first = await Occupy(pool);
        using CancellationTokenSource one = new(), two = new();
        _chain.InBlock = block =>
        {
            Cancel(block == 0, one);
            Cancel(block == 1, two);
        };
        var a = pool.GenerateAsync(sampler, Ask(1, 1), cancellation: one.Token);
        var b = pool.GenerateAsync(sampler, Ask(2, 2), cancellation: two.Token);
        Net.Release();
        (await first).Dispose();
        await IsCancelled(a, one.Token);
        await IsCancelled(b, two.Token);
        Assert.Equal([new ToyCall("blocks.1", 2, 16)], _chain.Calls.Where(c => c.Site == "blocks.1"));
        Assert.Equal(0, _chain.CountOf("blocks.2"));
    }

    [Fact]
    public async Task AFailingMemberFailsAlone()
    {
        var cause = new FormatException("label 6");
        Net.OnCall = labels => Fail(labels.Contains(6), cause);
        var seen = new Seen();
        await using var pool = new SamplerPool(new() { Observer = seen });
        var first = await Occupy(pool);
        SamplingRequest[] requests = [Ask(1, 1), Ask(2, 6), Ask(3, 3)];
        var tasks = requests.Select(r => pool.GenerateAsync(Plain, r, cancellation: Token)).ToArray();
        Net.Release();
        (await first).Dispose();
        Assert.Equal(Alone(Plain, requests[0]).Values, (await Taken(tasks[0])).Values);
        Assert.Same(cause, (await Assert.ThrowsAsync<SamplingException>(() => tasks[1])).InnerException);
        Assert.Equal(Alone(Plain, requests[2]).Values, (await Taken(tasks[2])).Values);
        Assert.Equal(3, Assert.Single(seen.Failed).Requests);
        Assert.Equal([RequestOutcome.Completed, RequestOutcome.Completed, RequestOutcome.Failed, RequestOutcome.Completed], seen.Ended.Select(e => e.Outcome));
        Assert.Same(cause, seen.Ended[2].Error!.InnerException);
    }

    [Fact]
    public async Task SoDoesOneWhoseNoiseOrProgressFails()
    {
        var (silent, loud) = (new FormatException("noise"), new FormatException("progress"));
        await using var pool = new SamplerPool();
        var first = await Occupy(pool);
        var kept = Ask(3, 3);
        var noise = pool.GenerateAsync(Plain, Ask(1, 1) with { Noise = new ScriptedNoise(_ => throw silent) }, cancellation: Token);
        var progress = pool.GenerateAsync(Plain, Ask(2, 2), progress: new Told(p => Fail(p.Step == 2, loud)), cancellation: Token);
        var stays = pool.GenerateAsync(Plain, kept, cancellation: Token);
        Net.Release();
        (await first).Dispose();
        Assert.Same(silent, await Assert.ThrowsAsync<FormatException>(() => noise));
        Assert.Same(loud, (await Assert.ThrowsAsync<SamplingException>(() => progress)).InnerException);
        Assert.Equal(Alone(Plain, kept).Values, (await Taken(stays)).Values);

        // Both again, in a batch that does not fail: the callback's caller leaves it, the other one stays.
        Net.Calls.Clear();
        var again = await Occupy(pool);
        progress = pool.GenerateAsync(Plain, Ask(2, 2), progress: new Told(p => Fail(p.Step == 2, loud)), cancellation: Token);
        stays = pool.GenerateAsync(Plain, kept, cancellation: Token);
        Net.Release();
        (await again).Dispose();
        Assert.Same(loud, (await Assert.ThrowsAsync<SamplingException>(() => progress)).InnerException);
        Assert.Equal(Alone(Plain, kept).Values, (await Taken(stays)).Values);
        Assert.Equal(3, Net.Calls.Count(c => c.SequenceEqual([2, 3])));
    }

    [Fact]
    public async Task AnObserverThatThrowsDisturbsNobody()
    {
        await using var pool = new SamplerPool(new() { Observer = new Broken() });
        (await pool.GenerateAsync(Plain, Ask(1, 1), cancellation: Token)).Dispose();
        await pool.StopAsync(Token);
    }

    [Fact]
    public async Task DisposingRunsWhatWasTakenAndTakesNoMore()
    {
        var seen = new Seen();
        var pool = new SamplerPool(new() { Capacity = 1, Observer = seen });
        var first = await Occupy(pool);
        var tasks = Enumerable.Range(1, 3).Select(i => pool.GenerateAsync(Plain, Ask(i, i), cancellation: Token)).ToArray();
        var disposing = pool.DisposeAsync().AsTask();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => pool.GenerateAsync(Plain, Ask(1, 9), cancellation: Token));
        Assert.False(disposing.IsCompleted);
        Net.Release();
        await disposing;

        // What was accepted has ended; whoever awaits it hears of that a moment later.
        Assert.Equal(0, pool.Pending);
        foreach (var task in tasks.Prepend(first))
        {
            (await task).Dispose();
        }

        Assert.Equal(4, seen.Stopped);
        await pool.DisposeAsync();
    }

    [Fact]
    public async Task ABatchThatWaitsForCompanyWaitsNoLonger()
    {
        var pool = new SamplerPool(new() { GatherFor = TimeSpan.FromHours(1) });
        var task = pool.GenerateAsync(Plain, Ask(1, 1), cancellation: Token);
        await pool.DisposeAsync();
        (await task).Dispose();

        // Or is cancelled while it waits.
        pool = new(new() { GatherFor = TimeSpan.FromHours(1) });
        using var source = new CancellationTokenSource();
        task = pool.GenerateAsync(Plain, Ask(1, 1), cancellation: source.Token);
        await source.CancelAsync();
        await IsCancelled(task, source.Token);
        await pool.DisposeAsync();
        Assert.Equal(3, Net.Calls.Count);
    }

    [Fact]
    public async Task StoppingWithoutPatienceCancelsWhatIsLeft()
    {
        var pool = new SamplerPool(new() { Capacity = 1 });
        Net.Hold();
        var first = await pool.EnqueueAsync(Plain, Ask(0, 0), cancellation: Token);
        await Net.Reached();
        var tasks = Enumerable.Range(1, 3).Select(i => pool.GenerateAsync(Plain, Ask(i, i), cancellation: Token)).ToArray();
        var stopping = pool.StopAsync(new(canceled: true));
        foreach (var task in tasks)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);
        }

        Assert.False(stopping.IsCompleted);
        Net.Release();
        await stopping;
        Assert.True(first.IsCanceled);
        Assert.Equal([0], Assert.Single(Net.Calls));
    }

    private static void Cancel(bool now, CancellationTokenSource source)
    {
        if (now)
        {
            source.Cancel();
        }
    }

    private static void Fail(bool now, Exception cause)
    {
        if (now)
        {
            throw cause;
        }
    }

    private sealed class Broken : IPoolObserver
    {
        public void RequestEnded(RequestEnded request) => throw new FormatException("log");

        public void BatchFailed(BatchFailed batch) => throw new FormatException("log");

        public void Stopping(string pool, int requests) => throw new FormatException("log");
    }
}
