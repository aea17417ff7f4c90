using Acceleration.Tests.Caching.Calibrated;
using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Caching.Methods;

/// <summary>Methods whose steps or blocks are chosen beforehand from what was measured.</summary>
public sealed class ChosenStepsTests
{
    private const int Steps = 9;

    [Fact]
    public void LeMiCaTakesTheBestPath()
    {
        // Reuse costs more the earlier it begins.
        var errors = BlockSchedulesTests.Matrix(Steps, (i, j) => (j - i - 1.0) * (Steps - i));
        var chosen = LeMiCa.From(errors, 4);
        Assert.Equal(LexicographicPath.Of(errors, 4), chosen.Steps);

        using var network = new ChainToy();
        var (_, trace) = Toy.Run(Sampler.For(network).FlowEuler(Steps).Use(chosen).Build());
        Assert.Equal(chosen.Steps, trace.Steps.Where(s => s.Decisions.Any(d => !d.Skip)).Select(s => s.Step.Index));
        Assert.Equal(4, network.CountOf("blocks.1"));
        Assert.Equal(Enumerable.Range(0, Steps), LeMiCa.From(errors, Steps).Steps);
        Assert.Equal(chosen, new LeMiCa(chosen.Steps));
        Assert.NotEqual(chosen, chosen with { How = How.Linear() });
    }

    [Fact]
    public void StepRehashTakesItsStepsFromSimilarity()
    {
        var drifting = BlockSchedulesTests.Matrix(Steps, (i, j) => 1 - (0.02 * (j - i)));
        var rehash = StepRehash.FromSimilarity(drifting, cut: 1, mostReused: 5);
        Assert.Equal([0, 3, 6, 8], rehash.Steps!);
        Assert.Equal(1, rehash.Cut);
        Assert.Equal(Enumerable.Range(0, Steps), StepRehash.FromSimilarity(drifting, least: 1.5).Steps!);

        using var network = new UNetToy();
        var (_, trace) = Toy.Run(Sampler.For(network).FlowEuler(Steps).Use(rehash).Build());
        Assert.Equal([0, 3, 6, 8], trace.Steps.Where(s => s.Decisions.Any(d => !d.Skip)).Select(s => s.Step.Index));
    }

    [Fact]
    public void PrunedLayersNeverRunAndAreTheIdentity()
    {
        using var network = new ChainToy(blocks: 4);
        var (plain, full) = Toy.Run(Sampler.For(network).FlowEuler(Steps).Guidance(2).Build(), 2);
        network.Calls.Clear();
        var (values, trace) = Toy.Run(Sampler.For(network).FlowEuler(Steps).Guidance(2).Use(new LayerPruning([1, 3])).Build(), 2);
        Assert.Equal([Steps, 0, Steps, 0], Enumerable.Range(0, 4).Select(b => network.CountOf($"blocks.{b}")));
        Assert.NotEqual(plain, values);
        Assert.True(trace.MultiplyAdds < full.MultiplyAdds);

        // Blocks that add nothing are the identity already, and the least important ones.
        using var idle = new SiteToy(adds: true, 0.2, 0, 0.4, 0);
        var (same, _) = Toy.Run(Sampler.For(idle).FlowEuler(Steps).Guidance(2).Build(), 2);
        Assert.Equal(same, Toy.Run(Sampler.For(idle).FlowEuler(Steps).Guidance(2).Use(new LayerPruning(Importance([0.2, 0, 0.4, 0]).Least(2))).Build(), 2).Values);
    }

    [Fact]
    public void ImportanceChoosesWhatACacheLeavesOut()
    {
        using var network = new SiteToy(adds: true, 0.2, 0.01, 0.4, 0.02, 0.3);
        var range = new ListedBlocks(Importance([0.2, 0.01, 0.4, 0.02, 0.3]).Least(2));
        Assert.Equal([1, 3], range.Blocks);
        Toy.Run(Sampler.For(network).FlowEuler(Steps).Use(new Cached(Where.Chain, new Interval(4), How.LastResidual) { Range = range }).Build());
        Assert.Equal([Steps, 3, Steps, 3, Steps], Enumerable.Range(0, 5).Select(b => network.CountOf($"blocks.{b}")));
    }

    [Fact]
    public void BlocksThatAreNotThereAreRefused()
    {
        using var network = new ChainToy();
        Assert.Contains("has no block 3", Assert.Throws<StrategyConflictException>(() => Sampler.For(network).FlowEuler(Steps).Use(new LayerPruning([1, 3])).Build()).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new LayerPruning([2, 2]));
    }

    [Fact]
    public void AQuantileOverlooksWhatMovesInFewPlaces()
    {
        // One of 16 numbers moves far, the others not at all.
        using var network = Toy.Affine(0, 1);
        var latents = Enumerable.Range(0, 5).Select(i => cat([full([1, 1, 1, 1], 1.0 + (10 * i)), ones(1, 1, 1, 15)], 3).view(1, 1, 4, 4)).ToArray();
        string Of(double? quantile)
        {
            var trace = new Replay(latents).Run(network, new Cached(Where.Network, new InputChange(0.1) { Quantile = quantile }, How.LastValue));
            return EasyCacheTests.Skips(trace);
        }

        Assert.Equal(("CCCCC", "CsssC", "CCCCC"), (Of(null), Of(0.9), Of(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new InputChange(1) { Quantile = 0 });
    }

    /// <summary>Layers that each add a constant to the same input.</summary>
    private static LayerImportance Importance(double[] added)
    {
        var importance = new LayerImportance(added.Length);
        float[] input = [1, -1, 0.5f, 2];
        for (var layer = 0; layer < added.Length; layer++)
        {
            importance.Add(layer, input, [.. input.Select(x => x + (float)added[layer])], 4);
        }

        return importance;
    }
}
