using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Serving;

/// <summary>Requests that fit together run as one batch, and each gets what it would get alone.</summary>
public sealed class BatchingTests : PoolTest
{
    private readonly ChainToy _chain = new(type: PredictionType.Epsilon);

    public BatchingTests() => Own(_chain);

    /// <summary>Runs all of them in one batch, behind a request that holds the worker.</summary>
    private async Task<(float[] Values, Trace Trace)[]> Together(int batches, params (Sampler Sampler, SamplingRequest Request)[] requests)
    {
        var seen = new Seen();
        await using var pool = new SamplerPool(new() { MaxBatchSamples = 16, Observer = seen });
        var first = await Occupy(pool);
        var tasks = new List<Task<SamplingResult>>();
        foreach (var (sampler, request) in requests)
        {
            tasks.Add(await pool.EnqueueAsync(sampler, request, cancellation: Token));
        }

        Net.Release();
        (await first).Dispose();
        var results = new List<(float[], Trace)>();
        foreach (var task in tasks)
        {
            results.Add(await Taken(task));
        }

        await pool.DisposeAsync();
        var sizes = seen.Ended.Skip(1).Select(e => (e.Samples, e.BatchSamples)).ToArray();
        Assert.Equal(requests.Length, sizes.Length);
        Assert.Equal(batches, sizes.Sum(s => (double)s.Samples / s.BatchSamples), 6);
        return [.. results];
    }

    [Fact]
    public async Task ElementwiseNetworksBitForBit()
    {
        SamplingRequest[] requests = [Ask(5, 1, 2), Ask(9, 3), Ask(9, 4, 5, 6)];
        var results = await Together(1, [.. requests.Select(r => (Plain, r))]);
        foreach (var (request, result) in requests.Zip(results))
        {
            var alone = Alone(Plain, request);
            Assert.Equal(alone.Values, result.Values);
            SameCost(alone.Trace, result.Trace);
        }

        Assert.Contains([1, 2, 3, 4, 5, 6], Net.Calls);
    }

    [Theory]
    [InlineData("CFG2")]
    [InlineData("CFG2+EC0.02")]
    [InlineData("CFG2+AG0.9+EC0.02")]
    [InlineData("CFG2+DD3x2b3")]
    [InlineData("CFG2+TM0.5")]
    public async Task ATransformerWithinRoundingAndWithTheSameDecisions(string plan)
    {
        // Products of matrices may round otherwise in another shape. A flow keeps that as it is; noise tables with hardly any signal at their start (DDIM) make it ten thousand times more on a network that was not trained.
        using var network = new ChainToy();
        var sampler = Sampler.For(network).FlowEuler(12, stochastic: true).Plan(AccelerationPlan.Parse(plan)).Build();
        SamplingRequest[] requests = [Ask(5, 0, 7), Ask(11, 3), Ask(17, 9, 1, 4)];
        var results = await Together(1, [.. requests.Select(r => (sampler, r))]);
        var alone = requests.Select(r => Alone(sampler, r)).ToArray();
        for (var i = 0; i < requests.Length; i++)
        {
            Near(alone[i].Values, results[i].Values);
            SameCost(alone[i].Trace, results[i].Trace);
        }

        // What is compared is not the same for all.
        Assert.NotEqual(results[0].Values[..16], results[1].Values);
    }

    [Fact]
    public async Task WithTheirOwnNoiseAndNegativeConditions()
    {
        var sampler = Sampler.For(Net).Ddim(4, eta: 1).Guidance(3).Build();
        using Conditioning one = Conditioning.Labels(8), two = Conditioning.Labels(6, 2);
        using var scripted = new SeededNoise(77, 2);
        SamplingRequest[] requests = [Ask(5, 1, 2) with { Negative = one }, Ask(9, 3) with { Negative = one }, Ask(0, 4, 5) with { Negative = two, Noise = scripted }];
        var results = await Together(1, [.. requests.Select(r => (sampler, r))]);
        foreach (var (request, result) in requests.Zip(results))
        {
            Assert.Equal(Alone(sampler, request).Values, result.Values);
        }

        Assert.Contains([1, 2, 3, 4, 5, 8, 8, 8, 6, 2], Net.Calls);
    }

    [Fact]
    public async Task WithGivenLatents()
    {
        using Tensor a = Toy.Matrix(1, 1, 1, 1, 4, 4), b = Toy.Matrix(2, 1, 2, 1, 4, 4);
        SamplingRequest[] requests = [Ask(5, 1) with { Latents = a }, Ask(9, 3, 4) with { Latents = b }, Ask(9, 5)];
        var results = await Together(2, [.. requests.Select(r => (Plain, r))]);
        Assert.All(requests.Zip(results), r => Assert.Equal(Alone(Plain, r.First).Values, r.Second.Values));
    }

    [Fact]
    public async Task SamplersOfEqualPlansAreBatched()
    {
        Sampler Make() => Sampler.For(Net).Ddim(4).Guidance(2).Build();
        await Together(1, (Make(), Ask(1, 1)), (Make(), Ask(2, 2)));
    }

    [Fact]
    public async Task WhatDiffersIsNot()
    {
        using var other = new HeldNetwork();
        using var elsewhere = new Conditioning(1, ("labels", tensor(new long[] { 3 })), ("text", zeros(1, 2)));
        var sampler = Sampler.For(Net).Ddim(4).Guidance(2).Build();
        await Together(
            6,
            (sampler, Ask(1, 1)),
            (sampler, Ask(1, 1) with { Size = [1, 8, 4] }),
            (sampler, Ask(1, 1) with { Condition = elsewhere, Negative = elsewhere }),
            (Sampler.For(Net).Ddim(4).Guidance(2.5).Build(), Ask(1, 1)),
            (Sampler.For(Net).Ddim(4).Guidance(2).SeparateBranches().Build(), Ask(1, 1)),
            (Sampler.For(other).Ddim(4).Guidance(2).Build(), Ask(1, 1)));
    }

    [Fact]
    public async Task StrategiesThatTieSamplesToEachOtherAreNot()
    {
        var together = Sampler.For(_chain).Ddim(4).Guidance(2).Use(new AdaptiveGuidance(0.5) { Consensus = Consensus.BatchMin }).Build();
        await Together(2, (together, Ask(1, 1)), (together, Ask(2, 2)));

        // Ranges that move are remembered together where all samples are computed together: alone they may be batched, under samples that decide one by one not.
        var moving = Sampler.For(_chain).Ddim(8).Use(new DeltaDiT(2, 2, 4));
        await Together(1, (moving.Build(), Ask(1, 1)), (moving.Build(), Ask(2, 2)));
        var differing = moving.Use(new EasyCache(0.05)).Build();
        await Together(2, (differing, Ask(1, 1)), (differing, Ask(2, 2)));

        // The same with plans of merging that several blocks share.
        var shared = Sampler.For(_chain).Ddim(8).Use(new ToMeSD(0.5) { Blocks = 3 });
        await Together(1, (shared.Build(), Ask(1, 1)), (shared.Build(), Ask(2, 2)));
        var mixed = shared.Use(new EasyCache(0.05)).Build();
        await Together(2, (mixed, Ask(1, 1)), (mixed, Ask(2, 2)));
    }

    [Fact]
    public async Task NoMoreSamplesThanAllowed()
    {
        await using var pool = new SamplerPool(new() { MaxBatchSamples = 4 });
        var first = await Occupy(pool);
        // 3 + 1 fit, the 2 between them does not; 5 are more than allowed and run by themselves.
        var tasks = new[] { Ask(1, 1, 1, 1), Ask(2, 2, 2), Ask(3, 3), Ask(4, 4, 4, 4, 4, 4) }.Select(r => pool.GenerateAsync(Plain, r, cancellation: Token)).ToArray();
        Net.Release();
        foreach (var task in tasks.Prepend(first))
        {
            (await task).Dispose();
        }

        Assert.Equal([[0], [1, 1, 1, 3], [2, 2], [4, 4, 4, 4, 4]], Net.Calls.Where((_, i) => i == 0 || (i - 1) % 3 == 0));
    }

    [Fact]
    public async Task ProgressAndPreviewsAreOfTheRequestAlone()
    {
        var sampler = Sampler.For(Net).Ddim(4, eta: 1).Build();
        await using var pool = new SamplerPool();
        var first = await Occupy(pool);
        List<SamplingProgress> one = [], two = [];
        SamplingRequest[] requests = [Ask(5, 1, 2) with { PreviewEvery = 2 }, Ask(9, 3)];
        var a = pool.GenerateAsync(sampler, requests[0], progress: new Told(one.Add), cancellation: Token);
        var b = pool.GenerateAsync(sampler, requests[1], progress: new Told(two.Add), cancellation: Token);
        Net.Release();
        (await first).Dispose();
        var trace = (await Taken(a)).Trace;
        await Taken(b);

        List<SamplingProgress> alone = [];
        using var single = sampler.Generate(requests[0], new Told(alone.Add), Token);
        Assert.Equal([1, 2, 3, 4], one.Select(p => p.Step));
        Assert.Equal(trace.Steps, one.Select(p => p.Trace));
        Assert.Equal([false, true, false, true], one.Select(p => p.Preview is not null));
        Assert.All([1, 3], i => Assert.Equal(alone[i].Preview!.Values, one[i].Preview!.Values));
        Assert.Equal([2, 1, 4, 4], one[3].Preview!.Shape);
        Assert.All(two, p => Assert.Null(p.Preview));
    }
}
