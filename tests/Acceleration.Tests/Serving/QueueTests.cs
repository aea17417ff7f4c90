namespace Acceleration.Tests.Serving;

/// <summary>Who waits, who is next, and for how long a batch waits for company.</summary>
public sealed class QueueTests : PoolTest
{
    private static async Task Finish(params IEnumerable<Task<SamplingResult>> tasks)
    {
        foreach (var task in tasks)
        {
            (await task).Dispose();
        }
    }

    [Fact]
    public async Task ClientsTakeTurns()
    {
        await using var pool = new SamplerPool(new() { MaxBatchSamples = 1 });
        var first = await Occupy(pool);
        (string Client, long Label)[] asked = [("greedy", 1), ("greedy", 2), ("greedy", 3), ("greedy", 4), ("modest", 5), ("modest", 6), ("late", 7)];
        var tasks = asked.Select(a => pool.GenerateAsync(Plain, Ask(1, a.Label), a.Client, cancellation: Token)).ToArray();
        Net.Release();
        await Finish([first, .. tasks]);
        Assert.Equal([0, 1, 5, 7, 2, 6, 3, 4], Net.Order);
    }

    [Fact]
    public async Task BatchingStarvesNobody()
    {
        await using var pool = new SamplerPool(new() { MaxBatchSamples = 2 });
        var first = await Occupy(pool);
        var other = Sampler.For(Net).Ddim(2).Build();
        // Label 9 fits nobody. Those behind it that fit those before it may ride with them, but it runs when its turn comes, before the rest of them.
        var tasks = new long[] { 1, 9, 2, 3, 4 }.Select(label => pool.GenerateAsync(label == 9 ? other : Plain, Ask(1, label), cancellation: Token)).ToArray();
        Net.Release();
        await Finish([first, .. tasks]);
        Assert.Equal([0, 1, 9, 3], Net.Order);
        Assert.Equal([[1, 2], [3, 4]], Net.Calls.Where(c => c.Length == 2).DistinctBy(c => c[0]));
    }

    [Fact]
    public async Task AFullQueueHoldsCallersUp()
    {
        await using var pool = new SamplerPool(new() { Capacity = 2, MaxBatchSamples = 1 });
        var first = await Occupy(pool);
        var tasks = new List<Task<SamplingResult>> { await pool.EnqueueAsync(Plain, Ask(1, 1), cancellation: Token), await pool.EnqueueAsync(Plain, Ask(1, 2), cancellation: Token) };
        var third = pool.EnqueueAsync(Plain, Ask(1, 3), cancellation: Token).AsTask();

        Assert.False(third.IsCompleted);
        Assert.False(pool.TryEnqueue(Plain, Ask(1, 4), out var refused, cancellation: Token));
        Assert.Null(refused);
        Assert.Equal((2, 4), (pool.Queued, pool.Pending));

        Net.Release();
        tasks.Add(await third);
        await Finish([first, .. tasks]);
        Assert.Equal([0, 1, 2, 3], Net.Order);
        Assert.True(pool.TryEnqueue(Plain, Ask(1, 5), out var taken, cancellation: Token));
        await Finish(taken);
    }

    [Fact]
    public async Task RoomIsGivenInTurnsToo()
    {
        await using var pool = new SamplerPool(new() { Capacity = 1, MaxBatchSamples = 1 });
        var first = await Occupy(pool);
        (string Client, long Label)[] asked = [("greedy", 1), ("greedy", 2), ("greedy", 3), ("modest", 4)];
        var tasks = asked.Select(a => pool.GenerateAsync(Plain, Ask(1, a.Label), a.Client, cancellation: Token)).ToArray();
        Net.Release();
        await Finish([first, .. tasks]);
        Assert.Equal([0, 1, 2, 4, 3], Net.Order);
    }

    [Fact]
    public async Task ABatchWaitsForCompany()
    {
        await using var pool = new SamplerPool(new() { MaxBatchSamples = 2, GatherFor = TimeSpan.FromHours(1) });
        var one = pool.GenerateAsync(Plain, Ask(1, 1), cancellation: Token);
        var two = pool.GenerateAsync(Plain, Ask(2, 2), cancellation: Token);
        await Finish(one, two);
        Assert.All(Net.Calls, c => Assert.Equal([1, 2], c));
    }

    [Fact]
    public async Task ButNotForEver()
    {
        await using var pool = new SamplerPool(new() { GatherFor = TimeSpan.FromMilliseconds(1) });
        await Finish(pool.GenerateAsync(Plain, Ask(1, 1), cancellation: Token));
        Assert.Equal(3, Net.Calls.Count);
    }

    [Fact]
    public async Task AndNotWhileOthersWait()
    {
        var other = Sampler.For(Net).Ddim(2).Build();
        await using var pool = new SamplerPool(new() { MaxBatchSamples = 2, GatherFor = TimeSpan.FromHours(1) });
        var one = pool.GenerateAsync(Plain, Ask(1, 1), cancellation: Token);
        var fill = new[] { pool.GenerateAsync(other, Ask(2, 2), cancellation: Token), pool.GenerateAsync(other, Ask(2, 3), cancellation: Token) };
        await Finish([one, .. fill]);
        Assert.Equal([1, 2], Net.Order);
    }

    [Fact]
    public async Task AsManyBatchesAtOnceAsThereAreWorkers()
    {
        await using var pool = new SamplerPool(new() { Workers = 2, MaxBatchSamples = 1 });
        var first = await Occupy(pool);
        var second = pool.GenerateAsync(Plain, Ask(1, 1), cancellation: Token);
        await Net.Reached();
        var third = pool.GenerateAsync(Plain, Ask(1, 2), cancellation: Token);
        Assert.Equal((1, 2), (pool.Queued, Net.Calls.Count));
        Net.Release();
        await Finish(first, second, third);
    }

    [Fact]
    public async Task ARequestThatDoesNotFitIsRefusedBeforeItIsQueued()
    {
        await using var pool = new SamplerPool();
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => pool.GenerateAsync(Plain, Ask(1, 11), cancellation: Token));
        await Assert.ThrowsAsync<ArgumentException>(() => pool.GenerateAsync(Plain, Ask(1, 1) with { Size = [2, 4, 4] }, cancellation: Token));
        Assert.Equal(0, pool.Pending);
    }

    [Fact]
    public void OptionsOutOfRangeAreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new SamplerPoolOptions { Workers = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new SamplerPoolOptions { Capacity = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new SamplerPoolOptions { MaxBatchSamples = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new SamplerPoolOptions { GatherFor = TimeSpan.FromTicks(-1) });
    }
}
