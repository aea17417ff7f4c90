using Acceleration.Tests.Core;
using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Guidance;

/// <summary>What the weakened branch is, against a network that was weakened by hand in every row.</summary>
public sealed class PerturbedNetworkTests : CoreTest
{
    private readonly ChainToy _net = new();

    public PerturbedNetworkTests() => Own(_net);

    /// <summary>p alone: at scale 0 it would not be evaluated, so p = c − (g − p)/(s − 1) is avoided by s = 1e-30: p + s·(c − p) = p.</summary>
    private float[] Perturbed(Func<double, IStrategy> of, params IStrategy[] others) => First([of(1e-30), .. others]);

    private float[] First(params IStrategy[] strategies)
    {
        var sampler = strategies.Aggregate(Sampler.For(_net).FlowEuler(1), (b, s) => b.Use(s)).Build();
        return Toy.Run(sampler, 2).Values;
    }

    [Fact]
    public void ASkippedBlockIsLeftOut()
    {
        var expected = First(Probe.Site(Where.Path("blocks.1"), (_, h, _) => h));
        Near(expected, Perturbed(s => new SkipLayerGuidance(s, Where.Blocks.OnlyBlocks(1)) { Start = 0, Stop = 1, FromFirst = true }));
        _net.Calls.Clear();
        Perturbed(s => new SkipLayerGuidance(s, Where.Blocks.OnlyBlocks(1)) { Start = 0, Stop = 1, FromFirst = true });
        Assert.Equal([4, 2, 4], _net.Calls.Where(c => c.Site is "blocks.0" or "blocks.1" or "blocks.2").Select(c => c.Rows));
    }

    [Fact]
    public void SkippedPartsAddNothing()
    {
        var expected = First(Probe.Site(Where.FeedForward, (_, h, _) => zeros_like(h.Main)));
        Near(expected, Perturbed(s => new SkipLayerGuidance(s, Where.FeedForward) { Start = 0, Stop = 1, FromFirst = true }));
    }

    [Fact]
    public void PerturbedAttentionGivesTheValues()
    {
        var expected = First(Probe.Attention((_, input, _) => input.Value));
        Near(expected, Perturbed(s => new PerturbedAttentionGuidance(s, Where.Attention) { Start = 0, Stop = 1, FromFirst = true }));
    }

    [Theory]
    [InlineData(0.7)]
    [InlineData(2.5)]
    [InlineData(1e7)]
    public void SmoothedAttentionHasBlurredQueries(double sigma)
    {
        var expected = First(Probe.Attention((_, input, next) => next.Invoke(input with { Query = NaiveBlur.Of(input.Query, 4, 4, sigma) })));
        Near(expected, Perturbed(s => new SmoothedEnergyGuidance(s, Where.Attention) { Sigma = sigma, FromFirst = true }));
    }

    /// <summary>Attention by a pattern is given what the branch made of it: the branches' own change and the pattern stack at one site.</summary>
    [Fact]
    public void SparseAttentionComputesWhatTheBranchChanged()
    {
        IStrategy sparse = new GratX { GroupHeight = 1, GroupWidth = 1, Crossover = 0 };
        var blurred = Probe.Attention((_, input, next) => next.Invoke(input with { Query = NaiveBlur.Of(input.Query, 4, 4, 0.9) })) with
        {
            Needs = new() { Sites = [new(Where.Attention, HookPhase.BranchAttention)] },
        };
        Near(First(blurred, sparse), Perturbed(s => new SmoothedEnergyGuidance(s, Where.Attention) { Sigma = 0.9, FromFirst = true }, sparse));
        Assert.NotEqual(First(blurred), First(blurred, sparse));
        Near(First(Probe.Attention((_, input, _) => input.Value)), Perturbed(s => new PerturbedAttentionGuidance(s, Where.Attention) { Start = 0, Stop = 1, FromFirst = true }, sparse));
    }

    [Fact]
    public void ABlurNeedsTheTokensOfTheGrid()
    {
        var sampler = Sampler.For(_net).FlowEuler(1).Use(new ToMeSD(0.5)).Use(new SmoothedEnergyGuidance(2, Where.Attention) { Sigma = 1, FromFirst = true }).Build();
        var e = Assert.Throws<SamplingException>(() => Toy.Run(sampler));
        Assert.Contains("blurs over 1 × 4 × 4 tokens, but blocks.0.attention has 8", e.Message, StringComparison.Ordinal);

        // At infinite width every query is the mean of those that are left.
        Toy.Run(Sampler.For(_net).FlowEuler(1).Use(new ToMeSD(0.5)).Use(new SmoothedEnergyGuidance(2, Where.Attention) { FromFirst = true }).Build());
    }

    [Fact]
    public void TextTokensAreNotBlurred()
    {
        var sites = new SiteMap();
        var site = sites.Add(SiteKind.SelfAttention, "attention", SiteTraits.None, default);
        using var bench = new Bench(sites, new([new(0, Branch.SmoothedEnergy)]), new TokenLayout(1, 2, 2, 3, TextPlace.Before, 3), Heard(out var seen), new SmoothedEnergyGuidance(1, Where.Attention));
        var query = Count(1, 1, 7, 1);
        bench.Root.Attend(site, new(query, query, query));
        Assert.Equal([0, 1, 2, 4.5f, 4.5f, 4.5f, 4.5f], seen[0]);
    }

    private static Probe Heard(out List<float[]> seen)
    {
        var heard = seen = [];
        return Probe.Attention((_, input, next) =>
        {
            heard.Add(input.Query.Floats());
            return next.Invoke(input);
        });
    }
}
