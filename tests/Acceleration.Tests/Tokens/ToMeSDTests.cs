using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Tokens;

public sealed class ToMeSDTests : TokenTest
{
    private static ToMeSD Whole => new(0.5) { Parts = MergedParts.Attention | MergedParts.FeedForward };

    private static (float[] Values, Trace Trace) Run(ChainToy network, IStrategy? strategy, int samples = 2) =>
        Toy.Run((strategy is null ? Sampler.For(network).FlowEuler(4) : Sampler.For(network).FlowEuler(4).Use(strategy)).Build(), samples);

    [Fact]
    public void PartsOfABlockRunOnTheTokensThatAreKept()
    {
        using var network = new ChainToy();
        Run(network, Whole);

        Assert.All(network.Calls.Where(c => c.Site.EndsWith(".attention", StringComparison.Ordinal) || c.Site.EndsWith(".ff", StringComparison.Ordinal)), c => Assert.Equal(8, c.Tokens));
        Assert.All(network.Calls.Where(c => c.Site is "blocks.0" or "blocks.2"), c => Assert.Equal(16, c.Tokens));
    }

    [Fact]
    public void MergingNothingOrAtAFinerResolutionOnlyChangesNothing()
    {
        using var network = new ChainToy();
        var plain = Run(network, null).Values;
        Assert.Equal(plain, Run(network, Whole with { Ratio = 0 }).Values);
        Assert.Equal(plain, Run(network, Whole with { Ratio = 0.05 }).Values);
        Assert.NotEqual(plain, Run(network, Whole).Values);
        Assert.NotEqual(Run(network, Whole).Values, Run(network, Whole with { Seed = 1 }).Values);
        Assert.Equal(Run(network, Whole).Values, Run(network, Whole).Values);
    }

    [Fact]
    public void APlanKeptForStepsIsPaidForOnce()
    {
        using var network = new ChainToy();
        var (fresh, kept) = (Run(network, Whole).Trace, Run(network, Whole with { Every = 4 }).Trace);

        // Twelve sources against four destinations of eight channels, three blocks, two rows; three of four steps without.
        Assert.Equal(3 * 3 * 2 * 12 * 4 * 8, fresh.MultiplyAdds - kept.MultiplyAdds, 6);
    }

    [Fact]
    public void APlanSharedByBlocksIsPaidForOnce()
    {
        using var network = new ChainToy();
        var (fresh, pairs, all) = (Run(network, Whole), Run(network, Whole with { Blocks = 2 }), Run(network, Whole with { Blocks = 3 }));

        // As above: of three plans in each of four steps one or two are left out.
        const double plan = 2 * 12 * 4 * 8;
        Assert.Equal(4 * 1 * plan, fresh.Trace.MultiplyAdds - pairs.Trace.MultiplyAdds, 6);
        Assert.Equal(4 * 2 * plan, fresh.Trace.MultiplyAdds - all.Trace.MultiplyAdds, 6);
        Assert.Equal(11 * plan, fresh.Trace.MultiplyAdds - Run(network, Whole with { Blocks = 3, Every = 4 }).Trace.MultiplyAdds, 6);
        Assert.NotEqual(fresh.Values, all.Values);
    }

    [Fact]
    public void WhereMergingCannotPayTheSamplerSaysSo()
    {
        using var network = Acceleration.Models.DiT.Load(Path.Combine(AppContext.BaseDirectory, "Fixtures", "weights", "fashion-dit.safetensors"));
        Sampler With(IStrategy strategy) => Sampler.For(network).Ddim(4).Use(strategy).Build();

        // Measured, so only its form is certain.
        Assert.All(With(new ToMeSD(0.1)).Advice, a => Assert.StartsWith($"{new ToMeSD(0.1).Tag}: merging cannot pay at 256 tokens here: ", a, StringComparison.Ordinal));
        Assert.Empty(With(new ToMeSD(0)).Advice);
        Assert.Empty(With(new EasyCache(0.1, 1)).Advice);

        Assert.Contains("covers all of 1 × 16 × 16 tokens", Assert.Single(With(new GratX()).Advice), StringComparison.Ordinal);
        Assert.Contains("below the crossover of 1000", Assert.Single(With(new GratX { GroupHeight = 4, GroupWidth = 4, Crossover = 1000 }).Advice), StringComparison.Ordinal);
        Assert.Empty(With(new GratX { GroupHeight = 4, GroupWidth = 4, Crossover = 0 }).Advice);
    }

    [Fact]
    public void GridsBeyondItsReachAreToldBeforeTheRun()
    {
        var sites = new SiteMap();
        sites.Add(SiteKind.SelfAttention, "attention", SiteTraits.ShapePreserving, default, share: 0.25);
        using var network = Denoiser.From(Toy.Info("coarse", sites: sites), (x, _, _) => x);
        string[] Advice(ToMeSD merging) => [.. Sampler.For(network).FlowEuler(4).Use(merging).Build().Advice];
        Assert.Equal("TM0.5 never acts: the token grids of its sites are at least 2 times shorter than the finest one, beyond MaxDownsample 1.", Assert.Single(Advice(new(0.5))));
        Assert.Empty(Advice(new(0.5) { MaxDownsample = 2 }));
        Assert.Empty(Advice(new(0)));
    }

    [Fact]
    public void AMeasuredCostBalances()
    {
        var cost = new MergeCost(Plan: 3, Move: 1, Whole: 10, Merged: 7);
        Assert.Equal(1.5, cost.BreakEvenUses);
        Assert.Equal(1, cost.Speedup(1.5), 12);
        Assert.Null((cost with { Move = 3 }).BreakEvenUses);

        Assert.Null(MergeAdvice.Of(new(0.5) { Every = 2 }, 256, cost));
        Assert.Equal(
            "merging cannot pay at 256 tokens here: an attention part takes 10.00 ms, and 11.00 ms with merging (3.00 ms to plan, used 1 time; 1.00 ms to merge and expand). It would from 2 uses of a plan on (Blocks × Every).",
            MergeAdvice.Of(new(0.5), 256, cost));
        Assert.EndsWith("It does not at any number of uses of a plan.", MergeAdvice.Of(new(0.5), 256, cost with { Move = 3 }), StringComparison.Ordinal);

        var measured = MergeCost.Measure(new ToMeSD(0.5), new(1, 32, 32), 64);
        Assert.True(measured.Plan > 0 && measured.Move > 0 && measured.Merged > 0 && measured.Whole > 0, $"{measured}");
    }

    [Fact]
    public void TheTextStreamPassesThroughAMergedPart()
    {
        var map = new SiteMap();
        var block = map.AddChain("blocks", 1, default).Blocks[0];
        var attention = map.Add(SiteKind.SelfAttention, "blocks.0.attention", SiteTraits.ShapePreserving, default);
        using var bench = new Bench(map, RowSet.Of(2, Branch.Conditional), new(1, 4, 4), Whole with { Parts = MergedParts.Attention });
        var run = Assert.IsAssignableFrom<IRun>(bench.Runs[0]);
        run.StageChanged(new(0, bench.Step.Grid, [1, 4, 4]));
        var (image, text) = (Normal(5, 2, 16, 8), Normal(6, 2, 3, 8));
        var joint = Value.FromJoint(cat([text, image], 1), 3, TextPlace.Before);

        var result = bench.Root.At(block, joint, attention, static (h, site, e) => e.At(site, h, 0, static (part, _, _) =>
        {
            Assert.Equal([2, 11, 8], part.Joint(TextPlace.Before).shape);
            return new(part.Main * 2, part.Text! * 3);
        }));

        Assert.Equal([2, 16, 8], result.Main.shape);
        Assert.True((result.Text! - (text * 3)).abs().max().item<float>() == 0);
    }

    /// <summary>The trained network at a small ratio stays close to itself: its attention sees the merged tokens' means.</summary>
    [Fact]
    public void OnTheSampleNetworkALittleMergingChangesLittle()
    {
        using var network = Acceleration.Models.DiT.Load(Path.Combine(AppContext.BaseDirectory, "Fixtures", "weights", "fashion-dit.safetensors"));
        using var condition = Conditioning.Labels(0, 8);
        Tensor Draw(params IStrategy[] strategies)
        {
            var builder = strategies.Aggregate(Sampler.For(network).Ddim(4).Guidance(2), (b, s) => b.Use(s));
            using var result = builder.Build().Generate(new() { Condition = condition, Seed = 1 });
            return ((result.Latents.clamp(-1, 1) + 1) / 2).DetachFromDisposeScope();
        }

        using var plain = Draw();
        var psnr = new[] { 0.1, 0.25, 0.5 }.Select(ratio =>
        {
            using var merged = Draw(new ToMeSD(ratio));
            return ImageMetrics.Psnr(merged, plain);
        }).ToArray();

        Assert.True(psnr[0] > psnr[1] && psnr[1] > psnr[2], string.Join(", ", psnr));
        Assert.InRange(psnr[0], 27, 100);
    }
}
