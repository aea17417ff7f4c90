using Acceleration.Tests.Caching;
using Acceleration.Tests.Toys;

namespace Acceleration.Tests.Docs;

/// <summary>The measured method of docs/your-own-strategy.md; what holds for all strategies is tested with them.</summary>
public sealed class DirectionCacheTests
{
    private const int Steps = 8;

    [Fact]
    public void ItSkipsWhileTheInputTurnsLess()
    {
        using var network = new ChainToy();
        string Of(double threshold) => EasyCacheTests.Skips(Toy.Run(Sampler.For(network).FlowEuler(Steps).Use(new DirectionCache(threshold)).Build()).Trace);

        Assert.Equal("CCCCCCCC", Of(0));
        Assert.Equal("CCsssssC", Of(2.1));
    }

    /// <summary>A velocity that is constant turns nothing about a line, whatever is left out.</summary>
    [Fact]
    public void ConstantVelocitiesAreExact()
    {
        using var network = Toy.Affine(0, 0, shift: 1);
        float[] Of(params IStrategy[] strategies) => Toy.Run(strategies.Aggregate(Sampler.For(network).FlowEuler(Steps), (b, s) => b.Use(s)).Build(), 2).Values;

        Close.All(Of(), Of(new DirectionCache(2.1)));
    }

    /// <summary>What was measured is in the trace: 1 − cos of the present latents and those of the last computed step.</summary>
    [Fact]
    public void TheTraceHoldsTheAngle()
    {
        using var network = new ChainToy();
        using var condition = Conditioning.Labels(1);
        var seen = new List<float[]>();
        var listening = Probe.Site(Where.Prediction, (call, h, next) =>
        {
            seen.Add(h.Main.Floats());
            return next.Invoke(h);
        });
        var sampler = Sampler.For(network).FlowEuler(Steps).Use(new DirectionCache(2.1)).Use(listening).Build();
        using var result = sampler.Generate(new() { Condition = condition, Seed = 3 }, cancellation: TestContext.Current.CancellationToken);

        var measured = result.Trace.Steps.SelectMany(s => s.Decisions).Where(d => d.Skip).Select(d => d.Value).ToArray();
        Assert.Equal(5, measured.Length);
        Assert.All(measured.Select((value, k) => (value, expected: 1 - Cosine(seen[2 + k], seen[1]))), m => Assert.Equal(m.expected, m.value, 1e-5));
    }

    private static double Cosine(float[] a, float[] b)
    {
        double Product(float[] x, float[] y) => x.Zip(y, (p, q) => (double)p * q).Sum();
        return Product(a, b) / Math.Sqrt(Product(a, a) * Product(b, b));
    }
}
