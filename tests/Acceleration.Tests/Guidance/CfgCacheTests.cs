using Acceleration.Tests.Caching;
using Acceleration.Tests.Core;
using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Guidance;

/// <summary>The unconditional branch in every n-th step; in between made of the condition and the last difference, by spatial frequency.</summary>
public sealed class CfgCacheTests : CoreTest
{
    private static CfgCache Always(int every) => new(every) { SkipBelow = 2000 };

    /// <summary>The condition's output is the latents, the unconditional one a fixed pattern plus them.</summary>
    private static IDenoiser Network(Tensor pattern) => Denoiser.From(
        Toy.Info("pattern", size: pattern.shape), (x, _, c) => x + (pattern * Toy.PerRow(c["labels"].eq(Toy.Classes).to(ScalarType.Float32), x)));

    private static float[][] Run(IDenoiser network, Tensor[] latents, params IStrategy[] strategies)
    {
        var replay = new Replay(latents);
        replay.Run(network, strategies);
        return [.. replay.Outputs];
    }

    private static Tensor[] Latents(int steps, params long[] size) => [.. Enumerable.Range(0, steps).Select(k => randn(size, generator: new Generator((ulong)(60 + k))))];

    [Fact]
    public void RefreshingInEveryStepIsGuidanceBitForBit()
    {
        using var network = new ChainToy();
        var (plain, _) = Toy.Run(Sampler.For(network).FlowEuler(8).Guidance(3).Build(), 2);
        Assert.Equal(plain, Toy.Run(Sampler.For(network).FlowEuler(8).Guidance(3).Use(Always(1)).Build(), 2).Values);
    }

    [Theory]
    [InlineData(5, -1, 641, new[] { 5, 10, 15 })]
    [InlineData(3, 200, 700, new[] { 9, 12, 15 })]
    public void StepsAreLeftOutByNumberAndTime(int every, double above, double below, int[] refreshed)
    {
        // Times 1000, 950, ... 50.
        using var network = new ChainToy();
        var (_, trace) = Toy.Run(Sampler.For(network).FlowEuler(20).Guidance(3).Use(new CfgCache(every) { SkipAbove = above, SkipBelow = below }).Build());
        foreach (var step in trace.Steps)
        {
            var inside = step.Step.At.Time > above && step.Step.At.Time < below && step.Step.Index > 0;
            Assert.Equal(!inside || step.Step.Index % every == 0 ? 2 : 1, step.ComputedRows);
        }

        Assert.All(refreshed, k => Assert.Equal(2, trace.Steps[k].ComputedRows));
        Assert.Equal(trace.Steps.Select(s => s.ComputedRows == 1), trace.Steps.Select(s => s.Decisions.Single().Skip));
    }

    [Theory]
    [InlineData(1, 4, 4)]
    [InlineData(3, 7, 12)]
    [InlineData(2, 3, 8, 6)]
    public void FactorsOfOneReproduceAConstantDifference(params int[] sides)
    {
        long[] size = Array.ConvertAll(sides, s => (long)s);
        using var network = Network(randn(size, generator: new Generator(7)));
        var latents = Latents(6, [2, .. size]);
        var exact = Run(network, latents, new ClassifierFreeGuidance(3));
        var cached = Run(network, latents, new ClassifierFreeGuidance(3), Always(4) with { LowFactor = 1, HighFactor = 1 });
        Assert.All(exact.Zip(cached), p => Near(p.First, p.Second));
    }

    /// <summary>Against the centred complex transform, with the difference split and grown there.</summary>
    [Theory]
    [InlineData(false, 3, 10, 16)]
    [InlineData(true, 3, 11, 15)]
    [InlineData(true, 2, 3, 5, 12)]
    public void BandsGrowByTheirFactors(bool compounding, params int[] sides)
    {
        long[] size = Array.ConvertAll(sides, s => (long)s);
        var pattern = randn(size, generator: new Generator(8));
        using var network = Network(pattern);
        var latents = Latents(5, [1, .. size]);
        var cache = Always(4) with { LowFactor = 1.3, HighFactor = 0.8, Compounding = compounding, LowAbove = -1, LowBelow = 2000, HighBelow = 500 };

        var outputs = Run(network, latents, new ClassifierFreeGuidance(3), cache);

        // Times 1000, 800, 600, 400, 200: high frequencies shrink from the third step on alone.
        var (low, high) = (1.0, 1.0);
        for (var k = 1; k < 4; k++)
        {
            var (lowNow, highNow) = (1.3, k >= 3 ? 0.8 : 1);
            (low, high) = compounding ? (low * lowNow, high * highNow) : (lowNow, highNow);
            var u = Reference(latents[k], pattern.unsqueeze(0), low, high);
            Near((u + ((latents[k] - u) * 3)).Floats(), outputs[k]);
        }

        Near((latents[4] - (pattern * 2)).Floats(), outputs[4]);
    }

    [Fact]
    public void AFewestSideOfFourHasItsMeanForLowFrequency()
    {
        using var network = Network(Count(1, 4, 4));
        var latents = Latents(2, 1, 1, 4, 4);
        var outputs = Run(network, latents, new ClassifierFreeGuidance(2), Always(2) with { LowFactor = 3, HighFactor = 0, HighBelow = 2000, LowBelow = 2000 });

        // u = c + 3·mean of 0..15, and g = u + 2·(c − u) = c − 22.5.
        Near((latents[1] - 22.5).Floats(), outputs[1]);
    }

    [Fact]
    public void ALostDifferenceIsMadeAgain()
    {
        using var network = new ChainToy();
        var watched = new Acceleration.Tool.WatchedStrategy(Always(5));
        var request = Toy.Request(2);
        using var condition = request.Condition;
        using var session = Sampler.For(network).FlowEuler(8).Guidance(3).Use(watched).Build().Start(request);
        for (var step = 0; step < 8; step++)
        {
            if (step == 3)
            {
                watched.Store!.Evict(0);
            }

            session.Advance(TestContext.Current.CancellationToken);
        }

        Assert.Equal([4, 2, 2, 4, 2, 4, 2, 2], session.Trace.Steps.Select(s => s.ComputedRows));
    }

    [Fact]
    public void WhatItCannotWorkWithIsRefused()
    {
        using var network = new ChainToy();
        var builder = Sampler.For(network).FlowEuler(4).Use(new CfgCache());
        Assert.Contains("there is no guidance whose difference could be kept", Assert.Throws<StrategyConflictException>(builder.Build).Message, StringComparison.Ordinal);
        using var flat = Denoiser.From(Toy.Info("flat", size: [3, 8]), (x, _, _) => x);
        Assert.Contains("its latents have no height and width", Assert.Throws<StrategyConflictException>(() => Sampler.For(flat).FlowEuler(4).Guidance(2).Use(new CfgCache()).Build()).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new CfgCache(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CfgCache { LowFactor = double.NaN });
    }

    private static Tensor Reference(Tensor cond, Tensor difference, double low, double high)
    {
        var (height, width) = (cond.size(-2), cond.size(-1));
        var (y, x) = (arange(height, ScalarType.Float32) - (height / 2), arange(width, ScalarType.Float32) - (width / 2));
        var radius = Math.Min(height, width) / 5;
        var inside = ((y * y).unsqueeze(1) + (x * x).unsqueeze(0)) <= radius * radius;
        var spectrum = fft.fftshift(fft.fft2(difference), [-2, -1]);
        var grown = spectrum * where(inside, full_like(inside, low, ScalarType.Float32), full_like(inside, high, ScalarType.Float32));
        return cond + fft.ifft2(fft.ifftshift(grown, [-2, -1])).real;
    }
}
