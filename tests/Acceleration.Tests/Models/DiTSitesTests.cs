using static TorchSharp.torch;

namespace Acceleration.Tests.Models;

/// <summary>What a DiT says of its sites, and what it raises.</summary>
public sealed class DiTSitesTests : ModelTest
{
    [Fact]
    public void CostsAreTheMultiplyAddsOfLinearLayersAndAttention()
    {
        using var network = Load(SampleNetwork);
        var sites = network.Info.Sites;

        // Width 192, 8 blocks, 3 heads of 64, 256 tokens of 2·2 pixels, counted by hand.
        const double qkv = 256.0 * 192 * 576;
        const double projection = 256.0 * 192 * 192;
        const double scoresAndSums = 2 * 3 * 256.0 * 256 * 64;
        const double feedForward = 256.0 * ((192 * 768) + (768 * 192));
        const double ends = 256.0 * ((4 * 192) + (192 * 4));
        const double conditioner = (256 * 192) + (192 * 192) + (192 * 1152 * 8) + (192 * 384);

        Assert.Equal(qkv + projection + scoresAndSums, sites["blocks.3.attention"].Cost.MultiplyAdds(256));
        Assert.Equal(qkv + projection + scoresAndSums, sites["blocks.3.attention.gated"].Cost.MultiplyAdds(256));
        Assert.Equal(feedForward, sites["blocks.3.ff"].Cost.MultiplyAdds(256));
        Assert.Equal(feedForward, sites["blocks.3.ff.gated"].Cost.MultiplyAdds(256));
        Assert.Equal(qkv + projection + scoresAndSums + feedForward, sites["blocks.3"].Cost.MultiplyAdds(256));
        Assert.Equal(8 * (qkv + projection + scoresAndSums + feedForward), sites["blocks"].Cost.MultiplyAdds(256));
        Assert.Equal((8 * (qkv + projection + scoresAndSums + feedForward)) + ends + conditioner, sites.Network.Cost.MultiplyAdds(256));
    }

    [Fact]
    public void CostsOfTheDiffusersLayoutCountEveryBlocksEmbedders()
    {
        using var network = Load(Fixture("dit"));
        const double width = 36;
        const double conditioner = (2 * ((256 * width) + (width * width) + (width * 6 * width))) + (width * 2 * width);

        Assert.Equal(conditioner, network.Info.Sites.Network.Cost.MultiplyAdds(0));
        Assert.Equal(width * 4 * (4 + 8), network.Info.Sites.Network.Cost.PerToken - network.Info.Sites["blocks"].Cost.PerToken);
    }

    [Fact]
    public void EverySelectorFindsItsSites()
    {
        using var network = Load(SampleNetwork);
        int Count(Where where) => network.Info.Sites.All.Count(where.Matches);

        Assert.Equal((1, 8, 8, 8, 8, 8, 0), (
            Count(Where.Chain), Count(Where.Blocks), Count(Where.Attention), Count(Where.GatedAttention), Count(Where.FeedForward), Count(Where.GatedFeedForward), Count(Where.CrossAttention)));
        Assert.True(network.Info.Sites["blocks.0.ff"].Traits.HasFlag(SiteTraits.TokenWise));
        Assert.True(network.Info.Sites["blocks.0.attention"].Traits.HasFlag(SiteTraits.TokenMixing));
    }

    [Theory]
    [InlineData("chain")]
    [InlineData("blocks")]
    [InlineData("attention")]
    [InlineData("attention.gated")]
    [InlineData("ff")]
    [InlineData("ff.gated")]
    public void AHookThatOnlyPassesOnChangesNoBitAndNoCost(string tag)
    {
        using var network = Load(SampleNetwork);
        var (x, t) = (Normal(6, 3, 1, 16, 16), full(3, 250f).ToTestDevice());
        using var labels = Conditioning.Labels(0, 5, 10);
        var plain = network.Predict(x, t, labels, Evaluation.Plain(3));
        var site = new SiteProbe((_, h, next) => next.Invoke(h));
        IRun run = tag == "chain" ? new ChainProbe((_, h, next) => next.Invoke(h, 0, next.Count)) : site;
        var hooked = network.Predict(x, t, labels, HookedEvaluation.Of(network.Info, 3, run, HookedEvaluation.Claim(Where.Parse(tag)), out var trace));

        Assert.Equal(0, Difference(hooked, plain));
        Assert.Equal(0, trace.MultiplyAdds);
        Assert.Equal(tag == "chain" ? 0 : 8, site.Calls);
    }

    [Theory]
    [InlineData("attention", "attention.gated")]
    [InlineData("ff", "ff.gated")]
    public void DroppingABranchAddsNothing(string inner, string outer)
    {
        using var network = Load(SampleNetwork);
        var (x, t) = (Normal(6, 2, 1, 16, 16), full(2, 250f).ToTestDevice());
        using var labels = Conditioning.Labels(0, 5);
        Tensor Dropped(string tag) => network.Predict(
            x, t, labels, HookedEvaluation.Of(network.Info, 2, new SiteProbe((_, h, next) => next.Drop(h)), HookedEvaluation.Claim(Where.Parse(tag)), out _));

        Assert.Equal(0, Difference(Dropped(inner), Dropped(outer)));
        Assert.True(Difference(Dropped(inner), network.Predict(x, t, labels, Evaluation.Plain(2))) > 0.01);
    }
}
