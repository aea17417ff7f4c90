namespace Acceleration.Tests.Core;

public sealed class SiteMapTests
{
    private readonly SiteMap _map = new(new CostModel(1, 2, 3));

    [Fact]
    public void BlocksOutsideOfAChainAreNumberedAsOnesInIt()
    {
        var sites = new SiteMap();
        var blocks = sites.AddBlocks("blocks", [new(1), new(2), new(3)]);
        var inside = sites.Add(SiteKind.SelfAttention, "blocks.1.attention", SiteTraits.ShapePreserving, default);
        Assert.Equal(["blocks.0", "blocks.1", "blocks.2"], blocks.Select(b => b.Path));
        Assert.Equal([0, 1, 2], blocks.Select(b => b.Block!.Value));
        Assert.All(blocks, b => Assert.Equal((SiteKind.Block, SiteTraits.ShapePreserving | SiteTraits.TokenMixing), (b.Kind, b.Traits)));
        Assert.Equal((2, 1), ((int)blocks[1].Cost.PerRow, inside.Block));
        Assert.Equal([blocks[1], blocks[2], inside], sites.All.Where(s => Where.Blocks.InBlocks(1).Matches(s) || Where.Attention.InBlocks(1).Matches(s)));
        Assert.DoesNotContain(sites.All, s => s.Kind == SiteKind.Chain);
        Assert.Throws<ArgumentException>(() => sites.AddBlocks("blocks", [default]));
        Assert.Throws<ArgumentException>(() => sites.AddBlocks("none", []));
    }

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

    [Fact]
    public void WhatLiesInABlockIsSelectedByTheBlocksNumber()
    {
        var chain = _map.AddChain("blocks", 12, default);
        foreach (var block in chain.Blocks)
        {
            _map.Add(SiteKind.SelfAttention, block.Path + ".attention", SiteTraits.None, default);
        }

        Assert.Equal(["blocks.10.attention", "blocks.11.attention"], Paths(Where.Attention.InBlocks(10)));
        Assert.Equal(["blocks.1.attention"], Paths(Where.Attention.InBlocks(1, 2)));
        Assert.Equal(["blocks.0", "blocks.1"], Paths(Where.Blocks.InBlocks(0, 2)));
        Assert.Empty(Paths(Where.Network.InBlocks(0)));
        Assert.Equal(Where.Attention.InBlocks(3, 8), Where.Parse("attention@3-8"));
        Assert.Equal("attention@3-", Where.Attention.InBlocks(3).Tag);
        foreach (var wrong in new[] { "attention@3-3", "attention@4-3", "attention@a-3", "attention@1-2@0-1", "attention@-2", "mlp@1-", "cut.", "cut.-1", "cut.x" })
        {
            Assert.Throws<ArgumentException>(() => Where.Parse(wrong));
        }

        string[] Paths(Where where) => [.. _map.All.Where(where.Matches).Select(s => s.Path)];
    }

    [Fact]
    public void CostsOnAShareOfTheTokensAreThoseOfThatManyTokens()
    {
        var cost = new CostModel(5, 7, 11);
        Assert.Equal(cost.MultiplyAdds(64), cost.OnShare(0.25).MultiplyAdds(256), 9);
        Assert.Equal(cost.MultiplyAdds(64) * 1.5, (cost * 1.5).MultiplyAdds(64), 9);

        var told = new CostModel(5, 7, 11) { PerText = 13, PerTextToken = 17, PerTextPair = 19, PerFramePair = 23, PerPlacePair = 29 };
        Assert.Equal(told.MultiplyAdds(64, 3, 4), told.OnShare(0.25).MultiplyAdds(256, 3, 4), 9);
        Assert.Equal(told.MultiplyAdds(64, 3, 4) * 1.5, (told * 1.5).MultiplyAdds(64, 3, 4), 9);
        Assert.Equal(told.MultiplyAdds(64, 3, 4) + cost.MultiplyAdds(64), (told + cost).MultiplyAdds(64, 3, 4), 9);
    }

    /// <summary>8 tokens in 2 frames of 4, and a text of 3: every pair is counted where it is attended over.</summary>
    [Fact]
    public void CostsCountTextAndFrames()
    {
        Assert.Equal(3 * 5, new CostModel(0) { PerText = 5 }.MultiplyAdds(8, 3, 2));
        Assert.Equal(8 * 3 * 5, new CostModel(0) { PerTextToken = 5 }.MultiplyAdds(8, 3, 2));
        Assert.Equal(3 * 3 * 5, new CostModel(0) { PerTextPair = 5 }.MultiplyAdds(8, 3, 2));
        Assert.Equal(2 * 4 * 4 * 5, new CostModel(0) { PerFramePair = 5 }.MultiplyAdds(8, 3, 2));
        Assert.Equal(4 * 2 * 2 * 5, new CostModel(0) { PerPlacePair = 5 }.MultiplyAdds(8, 3, 2));
        Assert.Equal((8 * 2 * 10 * 10) + (3 * 2 * 10 * 7) + (8 * 3 * 2 * 10), CostModel.CrossAttention(10, 7).MultiplyAdds(8, 3));
    }

    [Theory]
    [InlineData("prediction", SiteKind.Prediction, SiteTraits.None)]
    [InlineData("network", SiteKind.Network, SiteTraits.None)]
    [InlineData("chain", SiteKind.Chain, SiteTraits.None)]
    [InlineData("blocks", SiteKind.Block, SiteTraits.None)]
    [InlineData("attention", SiteKind.SelfAttention, SiteTraits.None)]
    [InlineData("attention.gated", SiteKind.SelfAttention, SiteTraits.AfterGate)]
    [InlineData("temporal", SiteKind.TemporalAttention, SiteTraits.None)]
    [InlineData("temporal.gated", SiteKind.TemporalAttention, SiteTraits.AfterGate)]
    [InlineData("cross", SiteKind.CrossAttention, SiteTraits.None)]
    [InlineData("ff", SiteKind.FeedForward, SiteTraits.None)]
    [InlineData("ff.gated", SiteKind.FeedForward, SiteTraits.AfterGate)]
    [InlineData("path=here", SiteKind.Cut, SiteTraits.None)]
    public void SelectorsPickTheirKindAlone(string tag, SiteKind kind, SiteTraits traits)
    {
        var where = Where.Parse(tag);
        Assert.Equal(tag, where.ToString());
        Assert.True(where.Matches(new(0, kind, "here", traits, default)));
        Assert.False(where.Matches(new(0, kind switch { SiteKind.Cut => kind, SiteKind.TemporalAttention => SiteKind.SelfAttention, _ => SiteKind.TemporalAttention }, "there", traits, default)));
        if (kind is SiteKind.SelfAttention or SiteKind.TemporalAttention or SiteKind.FeedForward)
        {
            Assert.False(where.Matches(new(0, kind, "here", traits ^ SiteTraits.AfterGate, default)));
        }
    }

    [Fact]
    public void AnUnknownSelectorListsTheKnownOnes() =>
        Assert.Contains("There is no site selector 'mlp'. Selectors: prediction, network,", Assert.Throws<ArgumentException>(() => Where.Parse("mlp")).Message, StringComparison.Ordinal);
}
