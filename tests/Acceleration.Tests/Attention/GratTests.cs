using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Attention;

/// <summary>Where GRAT attends sparsely, what it counts, and what it says.</summary>
public sealed class GratTests
{
    // On 4 × 4 tokens: four rows of groups.
    private static readonly GratX Rows = new() { GroupHeight = 1, GroupWidth = 4, Crossover = 0 };
    private static readonly GratB Near = new(0) { GroupHeight = 2, GroupWidth = 2, Crossover = 0 };

    [Fact]
    public void WhatIsLeftOutIsCounted()
    {
        using var network = new ChainToy();
        var (plain, trace) = Run(network);
        var (near, sparse) = Run(network, Near);

        // A quarter of the pairs of 16 tokens, 2 heads of 4, 4 steps, 3 blocks, 2 rows.
        Assert.Equal(4 * 3 * 2 * 2.0 * 2 * 4 * 16 * 16 * 0.75, trace.MultiplyAdds - sparse.MultiplyAdds, 6);
        Assert.NotEqual(plain, near);
        Assert.All(sparse.Steps, s => Assert.Equal(
            [new(Near.Tag, "blocks.0.attention", 0, true, 16, 0, "density 0.25"), new(Near.Tag, "blocks.0.attention", 1, true, 16, 0, "density 0.25")], s.Decisions));
    }

    [Fact]
    public void GuardsKeepStepsBlocksAndNoiseLevelsDense()
    {
        using var network = new ChainToy();
        var plain = Run(network).Values;
        Assert.Equal(plain, Run(network, Near with { Warmup = 4 }).Values);
        Assert.Equal(plain, Run(network, Near with { DenseBlocks = 3 }).Values);
        Assert.Equal(plain, Run(network, Near with { DenseAbove = 0 }).Values);

        // Flow Euler over four steps begins at levels 1, 0.75, 0.5, 0.25.
        Assert.Equal([false, false, true, true], Skips(Near with { Warmup = 2 }));
        Assert.Equal([false, false, true, true], Skips(Near with { DenseAbove = 0.5 }));
        Assert.Contains("above 0.5", Run(network, Near with { DenseAbove = 0.5 }).Trace.Steps[0].Decisions[0].Reason, StringComparison.Ordinal);
        Assert.Equal(["blocks.0.attention", "blocks.2.attention"], Run(network, Near with { DenseBlocks = 2 }).Trace.Steps[0].Decisions.Where(d => d.Sample == 0).Select(d => d.Site));

        bool[] Skips(GratB strategy) => [.. Run(network, strategy).Trace.Steps.Select(s => s.Decisions[0].Skip)];
    }

    [Fact]
    public void WhereItCannotOrNeedNotItIsDenseAndSaysWhy()
    {
        using var network = new ChainToy();
        var plain = Run(network).Values;
        foreach (var (strategy, reason) in new (IStrategy, string)[]
        {
            (Near with { Crossover = 17 }, "shorter than the crossover"),
            (Near with { Reach = 1 }, "the pattern covers everything"),
            (new GratX(), "the pattern covers everything"),
        })
        {
            var (values, trace) = Run(network, strategy);
            Assert.Equal(plain, values);
            Assert.All(trace.Steps, s => Assert.All(s.Decisions, d => Assert.Equal((false, reason), (d.Skip, d.Reason))));
        }

        Assert.Equal(17, Run(network, Near with { Crossover = 17 }).Trace.Steps[0].Decisions[0].Threshold);

        // Merged tokens have no grid left.
        var merged = new ToMeSD(0.5) { Random = false };
        var (alone, _) = Run(network, merged);
        var (both, said) = Run(network, merged, Near);
        Assert.Equal(alone, both);
        Assert.Equal("the tokens are not those of the layout", said.Steps[0].Decisions.First(d => d.Strategy == Near.Tag).Reason);
    }

    [Fact]
    public void AMeasuredCrossoverIsKeptAndRecorded()
    {
        var map = new SiteMap();
        var site = map.Add(SiteKind.SelfAttention, "attention", SiteTraits.ShapePreserving, default);
        using var scope = NewDisposeScope();
        var q = ones(1, 1, 1024, 8);
        var decisions = Enumerable.Range(0, 2).Select(_ =>
        {
            using var bench = new Bench(map, RowSet.Of(1, Branch.Conditional), new(1, 32, 32), new GratX());
            bench.Root.Attend(site, new(q, q, q));
            return Assert.Single(bench.Trace.Decisions);
        }).ToArray();

        // Rows and columns of 16 × 16 leave nothing out of fewer than 32 × 32 tokens.
        Assert.InRange(decisions[0].Threshold, 1024, 16385);
        Assert.Equal((decisions[0].Threshold, 1024.0, decisions[0].Threshold <= 1024), (decisions[1].Threshold, decisions[0].Value, decisions[0].Skip));
    }

    [Fact]
    public void MaskedAttentionStaysDense()
    {
        var map = new SiteMap();
        var site = map.Add(SiteKind.SelfAttention, "attention", SiteTraits.ShapePreserving, default);
        using var scope = NewDisposeScope();
        using var bench = new Bench(map, RowSet.Of(1, Branch.Conditional), new(1, 4, 4), Near);
        var q = ones(1, 1, 16, 8);
        foreach (var input in new AttentionInput[] { new(q, q, q, zeros(16, 16)), new(q, q, q, Causal: true) })
        {
            bench.Root.Attend(site, input);
        }

        Assert.Equal("attention is masked or causal", Assert.Single(bench.Trace.Decisions).Reason);
    }

    [Fact]
    public void SettingsOutOfRangeAreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new GratB(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Near with { Reach = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => Rows with { GroupHeight = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => Rows with { DenseAbove = 1.1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => Rows with { DenseAbove = double.NaN });
        Assert.Throws<ArgumentOutOfRangeException>(() => Rows with { Warmup = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => Rows with { Crossover = -1 });
    }

    /// <summary>The trained network: the more it sees the closer it stays, and what keeps rows and columns keeps more than a neighbourhood of the same size.</summary>
    [Fact]
    public void OnTheSampleNetworkSeeingMoreChangesLess()
    {
        using var network = Acceleration.Models.DiT.Load(Path.Combine(AppContext.BaseDirectory, "Fixtures", "weights", "fashion-dit.safetensors"));
        using var condition = Conditioning.Labels(0, 5);
        using var scope = NewDisposeScope();
        Tensor Draw(params IStrategy[] strategies)
        {
            var builder = strategies.Aggregate(Sampler.For(network).Ddim(4).Guidance(2), (b, s) => b.Use(s));
            using var result = builder.Build().Generate(new() { Condition = condition, Seed = 1 });
            return ((result.Latents.clamp(-1, 1) + 1) / 2);
        }

        var plain = Draw();
        double Psnr(IStrategy strategy) => ImageMetrics.Psnr(Draw(strategy), plain);

        var near = new GratB(1) { GroupHeight = 2, GroupWidth = 2, Crossover = 0 };
        var psnr = new[] { Psnr(near), Psnr(near with { Reach = 2 }), Psnr(near with { Reach = 3 }) };
        Assert.True(psnr[0] < psnr[1] && psnr[1] < psnr[2], string.Join(", ", psnr));
        Assert.True(Psnr(near with { DenseAbove = 0.5 }) > psnr[0]);
        Assert.InRange(Psnr(new GratX { GroupHeight = 4, GroupWidth = 4, Crossover = 0 }), 20, 100);
    }

    private static (float[] Values, Trace Trace) Run(ChainToy network, params IStrategy[] strategies) =>
        Toy.Run(strategies.Aggregate(Sampler.For(network).FlowEuler(4), (b, s) => b.Use(s)).Build(), samples: 2);
}
