using Acceleration.Tests.Docs;
using Acceleration.Tests.Toys;

namespace Acceleration.Tests.Tokens;

/// <summary>Token merging where no block around an attention holds its tokens: the attention plans for itself.</summary>
public sealed class MergingWithoutBlocksTests : TokenTest
{
    private static async Task<SamplingResult> Run(IDenoiser network, params IStrategy[] strategies) =>
        await strategies.Aggregate(Sampler.For(network).Ddim(4), (b, s) => b.Use(s)).Build().GenerateAsync(2, size: [1, 16, 24], cancellation: TestContext.Current.CancellationToken);

    [Fact]
    public async Task AnAttentionInACutIsMerged()
    {
        using var network = new TinyUNet();
        using var plain = await Run(network);
        using var merged = await Run(network, new ToMeSD(0.5) { MaxDownsample = 2 });

        Assert.NotEqual(plain.Latents.Floats(), merged.Latents.Floats());
        Assert.Empty(merged.Trace.Idle);

        // 96 tokens inside the cut: 48 are merged into the 24 destinations, and matching costs 32 multiply-adds per pair.
        const double perStep = (48 * 4.0 * 32 * 32) + (((96 * 96) - (48 * 48)) * 2.0 * 32) - (72 * 24 * 32.0);
        Assert.Equal(4 * 2 * perStep, plain.Trace.MultiplyAdds - merged.Trace.MultiplyAdds, 3);
    }

    [Fact]
    public async Task BeyondMaxDownsampleNothingIsMergedAndTheTraceSaysSo()
    {
        using var network = new TinyUNet();
        using var plain = await Run(network);
        using var merged = await Run(network, new ToMeSD(0.5));

        Assert.Equal(plain.Latents.Floats(), merged.Latents.Floats());
        Assert.Equal("TM0.5 never acted: the token grid is 2 times shorter than the finest one, beyond MaxDownsample 1.", $"{Assert.Single(merged.Trace.Idle)}");
    }

    [Fact]
    public async Task APlanIsSharedByStepsThere()
    {
        using var network = new TinyUNet();
        using var fresh = await Run(network, new ToMeSD(0.5) { MaxDownsample = 2 });
        using var kept = await Run(network, new ToMeSD(0.5) { MaxDownsample = 2, Every = 4 });
        Assert.Equal(3 * 2 * 72 * 24 * 32.0, fresh.Trace.MultiplyAdds - kept.Trace.MultiplyAdds, 3);
    }

    [Fact]
    public void ANetworkWithoutBlocksIsServed()
    {
        var sites = new SiteMap(new CostModel(0, 10, 4));
        var attention = sites.Add(SiteKind.SelfAttention, "attention", SiteTraits.ShapePreserving | SiteTraits.TokenMixing, new(0, 10, 4));
        var tokens = new List<long>();
        using var network = Denoiser.From(Toy.Info("plain", sites: sites), (x, _, _, e) => e.At(attention, x.flatten(2).transpose(1, 2), tokens, static (h, seen, _) =>
        {
            seen.Add(h.Main.size(1));
            return h.Main * 0.5;
        }).Main.transpose(1, 2).reshape(x.shape));

        var (_, trace) = Toy.Run(Sampler.For(network).FlowEuler(3).Use(new ToMeSD(0.5)).Build());
        Assert.Equal([8L, 8, 8], tokens);
        Assert.Empty(trace.Idle);
        Assert.Contains("has no such site", Assert.Throws<StrategyConflictException>(() => Sampler.For(network).FlowEuler(3).Use(new ToMeSD(0.5) { Parts = MergedParts.FeedForward }).Build()).Message, StringComparison.Ordinal);
    }
}
