using Acceleration.Tests.Toys;

namespace Acceleration.Tests.Caching.Methods;

/// <summary>Blocks that decide for themselves: DBPrune and BWCache.</summary>
public sealed class PrunedBlocksTests
{
    private const int Steps = 12;

    [Fact]
    public void EveryBlockDecidesForItselfByTheChangeOfItsInput()
    {
        using var network = new ChainToy(blocks: 8);
        Trace Of(double threshold) => Toy.Run(Sampler.For(network).FlowEuler(Steps).Use(new DBPrune(threshold, 1) { Warmup = 2, Never = [2, 3, 4, 5, 6] }).Build()).Trace;

        // Between what two blocks see in the step after the warm-up, where all was computed.
        var threshold = Of(1e-9).Steps[2].Decisions.Average(d => d.Value);
        network.Calls.Clear();
        var trace = Of(threshold);
        var decisions = trace.Steps.SelectMany(s => s.Decisions).ToArray();
        Assert.Equal(["blocks.1", "blocks.7"], decisions.Select(d => d.Site).Distinct());
        Assert.All(decisions.Where(d => double.IsFinite(d.Value)), d => Assert.Equal(d.Value < threshold, d.Skip));
        Assert.All(trace.Steps.Take(2), s => Assert.DoesNotContain(s.Decisions, d => d.Skip));
        Assert.NotEqual(trace.Steps[2].Decisions[0].Skip, trace.Steps[2].Decisions[1].Skip);
        foreach (var block in Enumerable.Range(0, 8))
        {
            Assert.Equal(Steps - decisions.Count(d => d.Site == $"blocks.{block}" && d.Skip), network.CountOf($"blocks.{block}"));
        }
    }

    /// <summary>Each block's limit is made of the changes at the blocks before it, whether they ran or not.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData(1e9)]
    public void ARelaxedThresholdFollowsTheBlocksBefore(double? most)
    {
        using var network = new ChainToy(blocks: 8);
        Decision[][] Of(DBPrune method) => [.. Toy.Run(Sampler.For(network).FlowEuler(Steps).Guidance(2).Use(method).Build(), 2).Trace.Steps.Select(s => s.Decisions.ToArray())];

        var threshold = Of(new DBPrune(1e-9, 0) { Warmup = 2 })[2].Average(d => d.Value) / 1.2;
        var method = new DBPrune(threshold, 0) { Warmup = 2, Relax = 1.25, MostRelaxed = most };
        var relaxed = 0;
        foreach (var step in Of(method))
        {
            foreach (var sample in step.GroupBy(d => d.Sample))
            {
                var seen = new List<double>();
                foreach (var d in sample)
                {
                    double[] moved = [.. seen.Take(5).Where(e => e > 0)];
                    var wanted = moved.Length == 0 ? threshold : 1.25 * moved.Average();
                    var limit = wanted > threshold && wanted < (most ?? 2 * threshold) ? wanted : threshold;
                    Assert.Equal(limit, d.Threshold, 1e-6 * limit);
                    Assert.Equal(d.Value < limit, d.Skip);
                    relaxed += limit > threshold ? 1 : 0;
                    if (double.IsFinite(d.Value))
                    {
                        seen.Add(d.Value);
                    }
                }
            }
        }

        Assert.True(relaxed > 0);
        Assert.Equal(method, AccelerationPlan.Parse($"flow-euler8+{method.Tag}").Strategies[0]);
    }

    [Fact]
    public void ARelaxedThresholdIsNeverBelowTheOneThatWasGiven()
    {
        using var network = new ChainToy(blocks: 8);
        float[] Of(DBPrune method) => Toy.Run(Sampler.For(network).FlowEuler(Steps).Use(method).Build(), 2).Values;

        Assert.Equal(Of(new DBPrune(0.05, 1)), Of(new DBPrune(0.05, 1) { Relax = 0 }));
        Assert.Equal(Of(new DBPrune(0.05, 1)), Of(new DBPrune(0.05, 1) { Relax = 5, MostRelaxed = 0.05 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DBPrune { Relax = -1 });
    }

    [Fact]
    public void FrontRearAndListedBlocksAlwaysRun()
    {
        using var network = new ChainToy(blocks: 8);
        Toy.Run(Sampler.For(network).FlowEuler(Steps).Use(new DBPrune(10, 1, 5) { Never = [0, 3, 7], Warmup = 1 }).Build());

        Assert.Equal([Steps, 1, 1, Steps, 1, 1, Steps, Steps], Enumerable.Range(0, 8).Select(b => network.CountOf($"blocks.{b}")));
    }

    [Fact]
    public void WhereNoBlockIsLeftItSaysSo()
    {
        var error = Assert.Throws<ArgumentException>(() => new DBPrune(0.1, 3, 2) { Never = [3, 4] }.Parts);
        Assert.Contains("leaves no block", error.Message, StringComparison.Ordinal);
        Assert.Equal("blocks@3-4~blocks@5-", new DBPrune(0.1, 3) { Never = [4] }.Parts[0].Where.Tag);
        Assert.Throws<ArgumentException>(() => new DBPrune() { Never = [-1] });
    }

    [Fact]
    public void ConstantIncrementsAndOutputsAreExact()
    {
        foreach (var adds in new[] { true, false })
        {
            using var network = new SiteToy(adds, 0.2, -0.1, 0.4);
            var builder = Sampler.For(network).FlowEuler(Steps).Guidance(3);
            var (plain, _) = Toy.Run(builder.Build(), 2);
            var (values, trace) = Toy.Run(builder.Use(adds ? new DBPrune(10, 0) { Warmup = 1 } : new BWCache(10, 2)).Build(), 2);

            Assert.Contains(trace.Steps.SelectMany(s => s.Decisions), d => d.Skip);
            Close.All(plain, values);
        }
    }

    [Fact]
    public void ABlockIsLeftOutNoMoreThanSoOftenInARow()
    {
        using var network = new ChainToy();
        var (_, trace) = Toy.Run(Sampler.For(network).FlowEuler(Steps).Use(new BWCache(10, 2)).Build());

        Assert.Equal("CCCssCssCssC", string.Concat(trace.Steps.Select(s => s.Decisions.Single(d => d.Site == "blocks.1").Skip ? 's' : 'C')));
        Assert.Equal(6, network.CountOf("blocks.1"));
    }
}
