namespace Acceleration.Tests.Core;

public sealed class SiteMapTests
{
    private readonly SiteMap _map = new(new CostModel(1, 2, 3));

    [Fact]
    public void EveryNetworkHasTheSamplersTwoSites()
    {
        Assert.Equal(["prediction", "network"], _map.All.Select(s => s.Path));
        Assert.Equal(1 + (2 * 10) + (3 * 100), _map.Network.Cost.MultiplyAdds(10));
        Assert.False(new SiteMap(samePrediction: false).Network.Traits.HasFlag(SiteTraits.ShapePreserving));
    }

    [Fact]
    public void AChainHasItsBlocks()
    {
        var chain = _map.AddChain("blocks", 2, new(5, 6, 7));
        Assert.Equal(["blocks.0", "blocks.1"], chain.Blocks.Select(b => b.Path));
        Assert.Equal(new CostModel(10, 12, 14), chain.Cost);
        Assert.Equal(_map.All.Select((_, i) => i), _map.All.Select(s => s.Index));
        Assert.Same(chain, _map["blocks"]);
        Assert.ThrowsAny<ArgumentException>(() => _map.AddChain("none", 0, default));
    }

    [Fact]
    public void PathsAreUniqueAndListedWhereOneIsMissing()
    {
        Assert.Throws<ArgumentException>(() => _map.Add(SiteKind.Block, "network", SiteTraits.None, default));
        Assert.Throws<ArgumentException>(() => _map.Add(SiteKind.Block, "", SiteTraits.None, default));
        Assert.Contains("There is no site 'block'. Sites: prediction, network.", Assert.Throws<KeyNotFoundException>(() => _map["block"]).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("prediction", SiteKind.Prediction, SiteTraits.None)]
    [InlineData("network", SiteKind.Network, SiteTraits.None)]
    [InlineData("chain", SiteKind.Chain, SiteTraits.None)]
    [InlineData("blocks", SiteKind.Block, SiteTraits.None)]
    [InlineData("attention", SiteKind.SelfAttention, SiteTraits.None)]
    [InlineData("attention.gated", SiteKind.SelfAttention, SiteTraits.AfterGate)]
    [InlineData("cross", SiteKind.CrossAttention, SiteTraits.None)]
    [InlineData("ff", SiteKind.FeedForward, SiteTraits.None)]
    [InlineData("ff.gated", SiteKind.FeedForward, SiteTraits.AfterGate)]
    [InlineData("path:here", SiteKind.Cut, SiteTraits.None)]
    public void SelectorsPickTheirKindAlone(string tag, SiteKind kind, SiteTraits traits)
    {
        var where = Where.Parse(tag);
        Assert.Equal(tag, where.ToString());
        Assert.True(where.Matches(new(0, kind, "here", traits, default)));
        Assert.False(where.Matches(new(0, kind == SiteKind.Cut ? kind : SiteKind.TemporalAttention, "there", traits, default)));
        if (kind is SiteKind.SelfAttention or SiteKind.FeedForward)
        {
            Assert.False(where.Matches(new(0, kind, "here", traits ^ SiteTraits.AfterGate, default)));
        }
    }

    [Fact]
    public void AnUnknownSelectorListsTheKnownOnes() =>
        Assert.Contains("There is no site selector 'mlp'. Selectors: prediction, network,", Assert.Throws<ArgumentException>(() => Where.Parse("mlp")).Message, StringComparison.Ordinal);
}
