using Acceleration.Tests.Toys;
using Acceleration.Tool;
using static TorchSharp.torch;

namespace Acceleration.Tests.Caching;

public sealed class EasyCacheTests
{
    private static readonly RowSet First = RowSet.Of(1, Branch.Conditional);

    [Fact]
    public void AnInfiniteThresholdComputesWarmupAndTailAlone()
    {
        using var network = new ChainToy();
        var sampler = Sampler.For(network).FlowEuler(12).Use(new EasyCache(double.PositiveInfinity, Warmup: 2)).Build();

        var (_, trace) = Toy.Run(sampler, 2);

        Assert.Equal("CCsssssssssC", Skips(trace));
        Assert.Equal(3, trace.Evaluations);
        Assert.Equal(12, trace.FullEvaluations);
        Assert.Equal(9 + TestDevice.FiniteReads, trace.HostReads);
    }

    [Theory]
    [InlineData(1, 0, "CCssssssss")]
    [InlineData(1, 3, "CCsssssCCC")]
    [InlineData(2, 1, "CCsssssssC")]
    [InlineData(5, 1, "CCCCCssssC")]
    [InlineData(10, 1, "CCCCCCCCCC")]
    public void WarmupAndTailAreComputed(int warmup, int tail, string expected)
    {
        // With one warm-up step the second is computed too: k needs two.
        using var network = new ChainToy();
        var sampler = Sampler.For(network).FlowEuler(10).Use(new EasyCache(double.PositiveInfinity, warmup) { Tail = tail }).Build();
        Assert.Equal(expected, Skips(Toy.Run(sampler).Trace));
    }

    [Theory]
    [InlineData(10, 3)]
    [InlineData(20, 3)]
    [InlineData(40, 6)]
    [InlineData(60, 10)]
    public void TheDefaultWarmupGrowsWithTheRun(int steps, int warmup)
    {
        using var network = Toy.Affine(1, 0.1);
        var sampler = Sampler.For(network).FlowEuler(steps).Use(new EasyCache(double.PositiveInfinity)).Build();
        Assert.Equal(warmup, Skips(Toy.Run(sampler).Trace).IndexOf('s'));
    }

    [Fact]
    public void NoMoreStepsInARowAreSkippedThanAllowed()
    {
        using var network = new ChainToy();
        var sampler = Sampler.For(network).FlowEuler(12).Use(new EasyCache(double.PositiveInfinity, 2) { MaxSkip = 2 }).Build();
        Assert.Equal("CCssCssCssCC", Skips(Toy.Run(sampler).Trace));
    }

    [Fact]
    public void SkippedStepsOfAnAffineNetworkAreExact()
    {
        using var network = Toy.Affine(1, 0.3, shift: 0.05);
        var builder = Sampler.For(network).FlowEuler(12, shift: 3).Guidance(2);
        var (plain, _) = Toy.Run(builder.Build(), 2);

        var (values, trace) = Toy.Run(builder.Use(new EasyCache(double.PositiveInfinity, 2)).Build(), 2);

        Close.All(plain, values, 1e-5);
        Assert.Equal(2 * 3, trace.Evaluations);
    }

    [Fact]
    public void SkippedStepsOfAConstantNetworkAreExactWhenOutputsAreReused()
    {
        using var network = Toy.Constant(0.7);
        var builder = Sampler.For(network).FlowEuler(12);
        var (plain, _) = Toy.Run(builder.Build(), 2);

        var (values, trace) = Toy.Run(builder.Use(new EasyCache(double.PositiveInfinity, 2) { Reuse = Quantity.Output }).Build(), 2);

        Assert.Equal(plain, values);
        Assert.Equal(3, trace.Evaluations);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(-1.75)]
    public void TheRateIsTheSlopeOfTheNetwork(double a)
    {
        using var network = Toy.Affine(a, 0);
        var easy = new WatchedStrategy(new EasyCache(0, 2));
        using var condition = Conditioning.Labels(0);
        using var session = Sampler.For(network).FlowEuler(8).Use(easy).Build().Start(new() { Condition = condition });
        var key = new StoreKey("k", network.Info.Sites.Network.Index);

        session.Advance(TestContext.Current.CancellationToken);
        Assert.Equal(0, easy.Store!.Depth(key, First[0]));
        while (session.Advance(TestContext.Current.CancellationToken))
        {
            using var scope = NewDisposeScope();
            Assert.Equal(Math.Abs(a), easy.Store.Get(key, First).Value.item<float>(), 1e-5);
        }
    }

    [Fact]
    public void TheAccumulatedErrorIsTheSumOfPredictedChanges()
    {
        // m = x/2: every step predicts |x - xPrev| / |xFull|.
        using var network = Toy.Affine(0.5, 0);
        using var scope = NewDisposeScope();
        double[] levels = [8, 7, 6, 5.5, 5.25, 5, 4];
        var replay = new Replay([.. levels.Select(l => full([1, 1, 4, 4], (float)l))]);

        var trace = replay.Run(network, new EasyCache(0.2, 2) { Tail = 0 });

        // Relative to the last computed step: 1, at 7, then 3, at 5.5.
        Assert.Equal("CCsCssC", Skips(trace));
        Close.All([1 / 7f, 1.5f / 7, 0.25f / 5.5f, 0.5f / 5.5f, 1.5f / 5.5f], [.. trace.Steps.Skip(2).Select(s => (float)s.Decisions[0].Value)]);
    }

    internal static string Skips(Trace trace, int sample = 0) =>
        string.Concat(trace.Steps.Select(s => s.Decisions.Single(d => d.Sample == sample).Skip ? 's' : 'C'));
}
