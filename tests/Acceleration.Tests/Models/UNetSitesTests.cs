using Acceleration.Models;
using Acceleration.Tests.Tool;
using static TorchSharp.torch;

namespace Acceleration.Tests.Models;

/// <summary>What UNets say of their sites, and what they raise.</summary>
public sealed class UNetSitesTests : ModelTest
{
    private const double TextTokens = 77;

    public static TheoryData<string> All => [.. UNetTests.Fixtures];

    private static string SampleUNet { get; } = Golden.PathOf("weights/fashion-unet");

    [Theory]
    [MemberData(nameof(All))]
    public void EverySiteHoldsWhatStrategiesRelyOn(string fixture)
    {
        using var network = UNet.Load(Fixture(fixture), new() { Device = TestDevice.Current });
        Holds(network, [network.Info.Channels, 8, 12]);
    }

    [Fact]
    public void EverySiteOfTheSampleNetworkHoldsWhatStrategiesRelyOn()
    {
        using var network = UNet.Load(SampleUNet, new() { Device = TestDevice.Current });
        Holds(network, [1, 8, 12]);
    }

    /// <summary>Every convolution for each of its output pixels, every linear layer for each of its tokens, scores and sums of attention.</summary>
    [Theory]
    [MemberData(nameof(All))]
    public void CostsAreWhatTheFilesLayersCost(string fixture)
    {
        using var file = SafetensorsFile.Open(Fixture(fixture));
        using var network = UNet.Load(Fixture(fixture));
        var levels = file.Names.Where(n => n.StartsWith("weights.down_blocks.", StringComparison.Ordinal)).Max(n => int.Parse(n.Split('.')[2], System.Globalization.CultureInfo.InvariantCulture)) + 1;
        Assert.Equal(Counted(file, levels, 32 * 32), network.Info.Sites.Network.Cost.MultiplyAdds(32 * 32, 77), 1.0);
    }

    [Fact]
    public void CutsCostWhatLiesInThem()
    {
        using var network = UNet.Load(Fixture("unet_sd15"));
        var sites = network.Info.Sites;
        Assert.Equal(9, sites.All.Count(s => s.Kind == SiteKind.Cut));

        // The innermost: two residual blocks and one transformer of 12 channels at a quarter of the side, as the cut around it is raised there.
        const double residual = 2 * 9 * 12 * 12;
        const double transformer = (2 * 12 * 12) + (4 * 12 * 12) + (2 * 12 * 12) + (12 * 12 * 12);
        Assert.Equal(new CostModel(0, (2 * residual) + transformer, 2 * 12) { PerText = 2 * 12 * 12, PerTextToken = 2 * 12 }, sites["cut.8"].Cost);
        Assert.Equal(new CostModel(0, 9 * 12 * (12 + 12 + 12) + (24 * 12)), sites["up_blocks.0.resnets.0"].Cost);
    }

    [Fact]
    public void EverySelectorFindsItsSites()
    {
        using var network = UNet.Load(Fixture("unet_sdxl"));
        int Count(Where where) => network.Info.Sites.All.Count(where.Matches);

        // Two, two and three transformers on the way down, at the bottom and up, of 1, 2 or 3 blocks by level.
        const int blocks = (2 * 2) + (2 * 3) + 3 + (3 * 3) + (3 * 2);
        Assert.Equal((9, blocks, blocks, blocks), (Count(Where.Cuts), Count(Where.Attention), Count(Where.CrossAttention), Count(Where.FeedForward)));
        Assert.Equal((2 + 2 + 1 + 3 + 3, blocks + 6 + 2 + 9), (Count(Where.Chain), Count(Where.Blocks)));
        Assert.True(network.Info.Sites["down_blocks.1.attentions.0.transformer_blocks.1.ff"].Traits.HasFlag(SiteTraits.TokenWise));
    }

    [Theory]
    [InlineData("unet_sd15", "cuts", 9)]
    [InlineData("unet_sd15", "cut.3", 1)]
    [InlineData("unet_sd15", "blocks", 28)]
    [InlineData("unet_sd15", "attention", 11)]
    [InlineData("unet_sd15", "cross", 11)]
    [InlineData("unet_sd15", "ff", 11)]
    [InlineData("unet2d_ddpm", "blocks", 23)]
    [InlineData("unet2d_ddpm", "attention", 6)]
    public void AHookThatOnlyPassesOnChangesNoBitAndNoCost(string fixture, string tag, int calls)
    {
        using var file = SafetensorsFile.Open(Fixture(fixture));
        using var network = UNet.Load(Fixture(fixture), new() { Device = TestDevice.Current });
        var (x, t, conditions) = UNetTests.Inputs(file);
        var plain = UNetTests.Predict(network, x, t, conditions);
        var site = new SiteProbe((_, h, next) => next.Invoke(h));
        var hooked = UNetTests.Predict(network, x, t, conditions, HookedEvaluation.Of(network.Info, 2, site, HookedEvaluation.Claim(Where.Parse(tag)), out var trace));

        Assert.Equal(0, Difference(hooked, plain));
        Assert.Equal(0, trace.MultiplyAdds, 1.0);
        Assert.Equal(calls, site.Calls);
    }

    [Fact]
    public void TheTimeEmbeddingIsPublished()
    {
        using var file = SafetensorsFile.Open(Fixture("unet_sd15"));
        using var network = UNet.Load(Fixture("unet_sd15"), new() { Device = TestDevice.Current });
        var (x, t, conditions) = UNetTests.Inputs(file);
        Tensor? published = null;
        var probe = new SiteProbe((call, h, next) =>
        {
            published = call.Signal(Signal.TimeEmbedding)!.clone().DetachFromDisposeScope();
            return next.Invoke(h);
        });
        UNetTests.Predict(network, x, t, conditions, HookedEvaluation.Of(network.Info, 2, probe, HookedEvaluation.Claim(Where.Cut(0)) with { Signals = [Signal.TimeEmbedding] }, out _));
        using var found = published!;
        Assert.InRange(Difference(found, file.Read("probe.time_embedding")), 0, 4.5e-5);
    }

    [Fact]
    public void MergedTokensAreTheReferences() => Golden.Holds("tokens/tomesd_unet", "tokens");

    private static void Holds(UNet network, long[] size)
    {
        var report = NetworkCheck.Run(network, size: size);
        report.ThrowIfFailed();
        Assert.Equal(network.Info.Sites.All.Select(s => s.Path).Except(["prediction"]).Order(), report.Findings.Select(f => f.Site).Distinct().Order());
    }

    private static double Counted(SafetensorsFile file, int levels, double pixels)
    {
        double sum = 0;
        foreach (var (name, entry) in file.Tensors.Where(t => t.Key.StartsWith("weights.", StringComparison.Ordinal) && t.Key.EndsWith(".weight", StringComparison.Ordinal) && t.Value.Shape.Count > 1))
        {
            var parts = name.Split('.');
            var number = int.TryParse(parts[2], out var given) ? given : 0;
            var level = parts[1] switch
            {
                "down_blocks" => number + (name.Contains(".downsamplers.", StringComparison.Ordinal) ? 1 : 0),
                "up_blocks" => levels - 1 - number - (name.Contains(".upsamplers.", StringComparison.Ordinal) ? 1 : 0),
                "mid_block" => levels - 1,
                _ => 0,
            };
            var tokens = pixels / Math.Pow(4, level);
            var weights = entry.Shape.Aggregate(1.0, (product, size) => product * size);
            var once = parts[1] is "time_embedding" or "add_embedding" || name.Contains("time_emb_proj", StringComparison.Ordinal);
            var ofText = name.Contains(".attn2.to_k.", StringComparison.Ordinal) || name.Contains(".attn2.to_v.", StringComparison.Ordinal);
            sum += weights * (once ? 1 : ofText ? TextTokens : tokens);
            if (name.EndsWith(".to_q.weight", StringComparison.Ordinal))
            {
                sum += 2 * tokens * entry.Shape[0] * (name.Contains(".attn2.", StringComparison.Ordinal) ? TextTokens : tokens);
            }
        }

        return sum;
    }
}
