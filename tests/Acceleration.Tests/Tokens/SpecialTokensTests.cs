using Acceleration.Tests.Attention;
using Acceleration.Tests.Docs;
using Acceleration.Tests.Guidance;
using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Tokens;

/// <summary>Class, register and time tokens: stated once, counted everywhere, and left as they are by what works on a grid.</summary>
public sealed class SpecialTokensTests : TokenTest
{
    public static TheoryData<int, TextPlace, int> Layouts => new() { { 1, TextPlace.Before, 0 }, { 1, TextPlace.After, 0 }, { 3, TextPlace.Before, 0 }, { 3, TextPlace.After, 4 }, { 1, TextPlace.Before, 4 } };

    private static SamplerBuilder On(IDenoiser network, params IStrategy[] strategies) => strategies.Aggregate(Sampler.For(network).FlowEuler(12).Guidance(2), (b, s) => b.Use(s));

    private static TokenLayout Layout(int frames, TextPlace place, int text) => new(frames, 4, 6, text, TextPlace.After, text, SpecialPerFrame: 2) { SpecialPlace = place };

    private static Trace Run(Sampler sampler)
    {
        using var condition = Conditioning.None(2);
        using var result = sampler.Generate(new() { Condition = condition, Seed = 3 }, cancellation: TestContext.Current.CancellationToken);
        return result.Trace;
    }

    /// <summary>Positions of the special tokens among those of the layout without its text.</summary>
    private static bool IsSpecial(TokenLayout layout, long token)
    {
        var at = token % (layout.Tokens / layout.Frames);
        return layout.SpecialPlace == TextPlace.Before ? at < layout.SpecialPerFrame : at >= layout.Height * layout.Width;
    }

    [Fact]
    public void TheyAreStatedOnceAndCostsCountThem()
    {
        using var network = new TinyUViT();
        var layout = network.Info.Layout([1, 8, 8]);
        Assert.Equal((17, 16, 1), (layout.Tokens, layout.Patches, layout.SpecialPerFrame));

        // A network call's cost and those of its sites are for the same tokens: what remains is what no site holds.
        var cost = new CostModel(0, 4 * 32 * 32, 2 * 32).MultiplyAdds(17);
        var trace = Run(Sampler.For(network).FlowEuler(3).Use(new Cached(Where.Attention, new AtSteps([0, 2]), How.LastValue)).Build());
        Assert.Equal(2 * 5 * cost, trace.FullMultiplyAdds - trace.MultiplyAdds, 3);
        Assert.NotEqual(network.Info.Fingerprint, (network.Info with { SpecialPerFrame = 0 }).Fingerprint);
        Assert.Throws<ArgumentOutOfRangeException>(() => network.Info with { SpecialPerFrame = -1 });
    }

    [Fact]
    public void TokenMethodsActAndRepeat()
    {
        using var network = new TinyUViT();
        IStrategy[] acting = [new ToMeSD(0.5), new SadaTokens(2, 2, 2, 3) { From = 3, To = 10 }, new GratB(1) { GroupHeight = 1, GroupWidth = 1, Crossover = 0 }, new GratX { GroupHeight = 2, GroupWidth = 2, Crossover = 0 }];
        Assert.All(acting, s =>
        {
            var trace = Run(On(network, s).Build());
            Assert.Empty(trace.Idle);
            Assert.True(trace.MultiplyAdds < trace.FullMultiplyAdds || s is ToMeSD, s.Tag);
        });

        // Blurring needs no decision of its own; infinitely and not.
        Run(On(network, new SmoothedEnergyGuidance(1.5, Where.Attention) { FromFirst = true }).Build());
        Run(On(network, new SmoothedEnergyGuidance(1.5, Where.Attention) { Sigma = 0.8 }).Build());
        NetworkCheck.Run(network).ThrowIfFailed();
        Assert.Empty(NetworkCheck.Run(network).Notes);
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public void TheyAreNeverMerged(int frames, TextPlace place, int text)
    {
        var layout = Layout(frames, place, text);
        long[] special = [.. Enumerable.Range(0, (int)layout.Tokens).Select(t => (long)t).Where(t => IsSpecial(layout, t))];
        long[] patches = [.. Enumerable.Range(0, (int)layout.Tokens).Select(t => (long)t).Where(t => !IsSpecial(layout, t))];
        Assert.Equal((2 * frames, layout.Patches), (special.Length, (long)patches.Length));

        var x = Normal(1, 2, layout.Tokens, 8);
        var onGrid = x.index_select(1, tensor(patches, device: x.device));
        var (sources, destinations) = TokenPartition.Cells(4, 6, 2, 2, null, frames, x.device);
        var plan = TokenMatching.Of(onGrid, sources, destinations, 10).Plan();
        var all = plan.Among(layout);

        Assert.Equal(layout.Tokens - 10, all.Kept.Kept);
        Assert.Equal(special, all.Kept.Index.narrow(1, 0, special.Length)[1].cpu().data<long>().ToArray());
        var back = all.Expand(all.Reduce(x));
        Assert.True((bool)(back.index_select(1, tensor(special, device: x.device)) == x.index_select(1, tensor(special, device: x.device))).all());
        Assert.True((back.index_select(1, tensor(patches, device: x.device)) - plan.Expand(plan.Reduce(onGrid))).abs().max().item<float>() < 1e-6);
        Assert.Same(plan, plan.Among(layout with { SpecialPerFrame = 0 }));
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public void InAPatternTheySeeAllAndAreSeenByAll(int frames, TextPlace place, int text)
    {
        var layout = Layout(frames, place, text);
        var (pattern, grid, tokens) = (new NeighbourGroups(new(1, 1, 2), 1), TokenGrid.Of(layout), (int)layout.Tokens + text);
        var seen = SeenPairs.Count(pattern, grid);
        int[] patches = [.. Enumerable.Range(0, (int)layout.Tokens).Where(t => !IsSpecial(layout, t))];
        bool Sees(int query, int key) => !patches.Contains(query) || !patches.Contains(key) || seen[Array.IndexOf(patches, query), Array.IndexOf(patches, key)] > 0;
        var mask = tensor([.. from q in Enumerable.Range(0, tokens) from k in Enumerable.Range(0, tokens) select Sees(q, k)], [tokens, tokens]).ToTestDevice();
        var qkv = Normal(2, 2, tokens, 3, 2, 8).permute(2, 0, 3, 1, 4).unbind();

        var expected = DenseAttention.Compute(qkv[0], qkv[1], qkv[2], mask);
        var actual = GroupedAttention.Compute(new(qkv[0], qkv[1], qkv[2]), layout, new(pattern, grid));

        Assert.True(new GroupedPlan(pattern, grid).Density < 1);
        Assert.True((actual - expected).abs().max().item<float>() < 1e-5);
    }

    [Theory]
    [InlineData(0.8, TextPlace.Before)]
    [InlineData(0.8, TextPlace.After)]
    [InlineData(1e6, TextPlace.Before)]
    public void TheirQueriesAreNotBlurred(double sigma, TextPlace place)
    {
        var sites = new SiteMap();
        var site = sites.Add(SiteKind.SelfAttention, "attention", SiteTraits.ShapePreserving, default);
        var layout = Layout(1, place, 0);
        Tensor? seen = null;
        var guidance = new SmoothedEnergyGuidance(1, Where.Attention) { Sigma = sigma };
        using var bench = new Bench(sites, new RowSet([new(0, Branch.SmoothedEnergy)]), layout, guidance, Probe.Attention((_, input, next) => next.Invoke(input with { Query = seen = input.Query.clone() })));
        var query = Normal(3, 1, 2, 26, 4);
        bench.Root.Attend(site, new(query, query, query));

        var (first, at) = place == TextPlace.Before ? (2, 0) : (0, 24);
        Assert.True((bool)(seen!.narrow(2, at, 2) == query.narrow(2, at, 2)).all());
        Assert.True((seen.narrow(2, first, 24) - NaiveBlur.Of(query.narrow(2, first, 24).contiguous(), 4, 6, sigma)).abs().max().item<float>() < 1e-5);
    }

    [Fact]
    public void ALayoutThatDoesNotFitIsTold()
    {
        using var network = new TinyUViT();
        using var wrong = Denoiser.From(network.Info with { SpecialPerFrame = 0 }, (x, t, c, e) => network.Predict(x, t, c, e));
        using var unstated = Unstated();
        Assert.Contains("the layout has 1 special tokens per frame, and Info.SpecialPerFrame says 0", Assert.Single(NetworkCheck.Run(wrong).Notes), StringComparison.Ordinal);
        Assert.Contains("17 tokens come in, the layout is of 16: token methods", Assert.Single(NetworkCheck.Run(unstated).Notes), StringComparison.Ordinal);

        foreach (var strategy in new IStrategy[] { new ToMeSD(0.5), new SadaTokens(2, 2, 1, 3) { From = 3, To = 10 }, new GratB(1) { GroupHeight = 2, GroupWidth = 2, Crossover = 0 } })
        {
            Assert.Equal("the tokens are not those of the layout", Assert.Single(Run(On(unstated, strategy).Build()).Idle).Reason);
        }

        var blur = Assert.Throws<SamplingException>(() => Run(On(unstated, new SmoothedEnergyGuidance(1.5, Where.Attention) { FromFirst = true }).Build()));
        Assert.Contains("the network's layout is of 16. Tokens that are no patches are stated by DenoiserInfo.SpecialPerFrame", blur.ToString(), StringComparison.Ordinal);
    }

    /// <summary>A block with attention over 16 pixels and one token more, of which it says nothing.</summary>
    private static IDenoiser Unstated()
    {
        var sites = new SiteMap();
        var block = sites.AddBlocks("blocks", [default])[0];
        var attention = sites.Add(SiteKind.SelfAttention, "blocks.0.attention", SiteTraits.ShapePreserving | SiteTraits.TokenMixing, default);
        return Denoiser.From(Toy.Info("unstated", sites: sites) with { Classes = 0, Unconditional = c => Conditioning.None(c.Rows) }, (x, _, _, e) =>
        {
            var tokens = x.flatten(2).transpose(1, 2).expand(-1, -1, 4);
            var h = e.At(block, cat([tokens.mean([1L], keepdim: true), tokens], 1), attention, static (h, site, e) => h.Main + e.At(site, h, site, static (h, site, e) =>
            {
                var heads = h.Main.unsqueeze(1);
                return e.Attend(site, new(heads, heads, heads)).squeeze(1);
            }).Main);
            return h.Main.narrow(1, 1, 16).mean([2L]).view(x.shape) * 0.5;
        });
    }
}
