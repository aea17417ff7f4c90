using Acceleration.Tests.Caching;
using Acceleration.Tests.Core;
using Acceleration.Tests.Toys;
using static TorchSharp.torch;

namespace Acceleration.Tests.Tokens;

/// <summary>SADA's scores belong to latents; a token of a coarser grid stands for several of them.</summary>
public sealed class SadaTokensOnCoarseGridsTests : CoreTest
{
    private static readonly StoreKey Scores = new("scores");

    [Fact]
    public void OneUnstableLatentIsNotHiddenByStableNeighbours()
    {
        // 2 × 2 tokens of 2 × 2 latents: one unstable among very stable ones, all a little stable, all unstable, all stable.
        float[] scores =
        [
            1, -100, -1, -1,
            -100, -100, -1, -1,
            2, 2, -5, -5,
            2, 2, -5, -5,
        ];
        Assert.Equal([2], Chosen(scores, [4, 4], new(1, 2, 2), most: 1)!);
        Assert.Equal([0, 2], Chosen(scores, [4, 4], new(1, 2, 2), most: 2)!);
        // Of stable ones the less stable.
        Assert.Equal([0, 1, 2], Chosen(scores, [4, 4], new(1, 2, 2), most: 3)!);
        Assert.Null(Chosen(scores, [4, 4], new(1, 2, 2), most: 4));
    }

    [Fact]
    public void GridsAreAsFineAsTheyAreAllowedToBe()
    {
        float[] scores = [.. Enumerable.Range(0, 25).Select(i => i - 12f)];
        Assert.Null(Chosen(scores, [5, 5], new(1, 2, 2), most: 1, downsample: 1));
        Assert.Equal([3], Chosen(scores, [5, 5], new(1, 2, 2), most: 1, downsample: 2)!);
        Assert.Null(Chosen(scores, [5, 5], new(1, 3, 3), most: 1, downsample: 1));
        Assert.Equal([8], Chosen(scores, [5, 5], new(1, 3, 3), most: 1, downsample: 2)!);
        Assert.Equal([23, 24], Chosen(scores, [5, 5], new(1, 5, 5), most: 2, downsample: 1)!);
    }

    [Fact]
    public void FramesArePooledWithTheirPlaces()
    {
        // 4 × 2 × 2 latents as 2 × 1 × 1 tokens: the second two frames hold the only unstable latent.
        float[] scores = [.. Enumerable.Repeat(-1f, 8), .. Enumerable.Repeat(-50f, 7), 0.5f];
        Assert.Equal([1], Chosen(scores, [4, 2, 2], new(2, 1, 1), most: 1)!);
    }

    [Fact]
    public void ANetworkOfPatchesIsThinnedOnlyWhereItsGridIsAllowed()
    {
        foreach (var downsample in new[] { 1, 2 })
        {
            var tokens = new List<long>();
            using var network = Patches(tokens);
            var builder = Sampler.For(network).FlowEuler(12);
            var (plain, _) = Toy.Run(builder.Build(), 2);
            tokens.Clear();
            var (values, _) = Toy.Run(builder.Use(new SadaTokens(2, 2, downsample, 0) { From = 3, To = 10 }).Build(), 2);

            // What the block makes does not depend on its input: tokens that are left out keep what they would be given.
            Close.All(plain, values);
            Assert.Equal(downsample == 1 ? [4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4] : [4, 4, 4, 4, 1, 1, 1, 4, 1, 1, 4, 4], tokens);
        }
    }

    /// <summary>One block over tokens of 2 × 2 latents.</summary>
    private static IDenoiser Patches(List<long> tokens)
    {
        var sites = new SiteMap(new CostModel(10));
        var chain = sites.AddChain("blocks", 1, new(3));
        return Denoiser.From(Toy.Info("patches", PredictionType.Flow, sites), (x, _, _, e) =>
        {
            e.Layout = new(1, 2, 2);
            var h = x.view(-1, 2, 2, 2, 2).permute(0, 1, 3, 2, 4).reshape(-1, 4, 4);
            var made = e.Chain(chain, h, tokens, static (v, _, seen, _) =>
            {
                seen.Add(v.Main.size(1));
                return zeros_like(v.Main) + 0.3;
            }).Main;
            return made.view(-1, 2, 2, 2, 2).permute(0, 1, 3, 2, 4).reshape(x.shape) + (x * 0.1);
        });
    }

    /// <summary>The tokens that are computed where none is drawn: cells are larger than the grid. Null for all.</summary>
    private static long[]? Chosen(float[] scores, long[] size, TokenLayout layout, int most, int downsample = 2)
    {
        using var scope = NewDisposeScope();
        using var store = new RunStore();
        store.Push(Scores, RowSet.Of(1, Branch.Guided), tensor(scores).view([1, .. size]));
        var choice = new TokenChoice(new SadaTokens(9, 9, downsample, most), store, Scores);
        choice.Begin(Steps.At(4, 10));
        return choice.Of(RowSet.Of(1, Branch.Conditional), layout, CPU)?.Index.data<long>().ToArray();
    }
}
