using Acceleration.Tests.Tool;
using static TorchSharp.torch;

namespace Acceleration.Tests.Models;

/// <summary>FLUX: the reference's outputs, sites over blocks of two streams and of one, embedded guidance, and latents beside the latents.</summary>
public sealed class FluxTests : TextNetworkTest
{
    private const long Width = 24;

    [Theory]
    [InlineData("flux_dev")]
    [InlineData("flux_schnell")]
    public void OutputsAreTheReferences(string fixture)
    {
        Golden.Holds($"models/{fixture}", "output", "output, strict");
        DoublePrecisionIsTheReferences(fixture, "");
    }

    [Theory]
    [InlineData("flux_dev")]
    [InlineData("flux_schnell")]
    public void EverySiteIsSound(string fixture) => EverySiteIsRaisedAsStrategiesRelyOn(fixture, 2, 6, 10);

    [Fact]
    public void PassingOnChangesNothing() => HooksThatPassOnChangeNoBitAndNoCost("flux_dev", "chain", "blocks", "attention", "attention.gated", "ff", "ff.gated");

    [Theory]
    [InlineData("ff", "ff.gated")]
    [InlineData("attention@0-1", "attention.gated@0-1")]
    public void DroppingAddsNothing(string inner, string outer) => DroppingAPartAddsNothing("flux_dev", inner, outer);

    [Fact]
    public void RowsAreIndependent() => ABatchIsItsRows("flux_dev");

    [Fact]
    public void ShortNumbersServe() => ShortNumbersAreClose("flux_dev");

    [Fact]
    public void SignalsAreThere() => SignalsArePublished("flux_dev", Width);

    [Fact]
    public void StrategiesOfEveryKindRun() => StrategiesWork(
        "flux_dev", new GratB { GroupHeight = 2, GroupWidth = 2, Crossover = 0 }, new GratX { GroupHeight = 2, GroupWidth = 2, Crossover = 0 }, new ToMeSD { Random = false, Parts = MergedParts.Attention });

    [Fact]
    public void InputsAreLookedAt() => WrongInputsAreRefused("flux_dev");

    [Fact]
    public void CostsAreTheMultiplyAddsOfLinearLayersAndAttention()
    {
        using var network = Open(Fixture("flux_dev"));
        var sites = network.Info.Sites;

        // Width 24, 24 image tokens of 8 numbers, 512 text tokens of 10, counted by hand.
        const double tokens = 24 + 512;
        const double scoresAndSums = 2 * tokens * tokens * Width;
        const double attention = (tokens * 4 * Width * Width) + scoresAndSums;
        const double feedForward = tokens * 2 * Width * 4 * Width;
        const double single = (tokens * ((Width * 7 * Width) + (5 * Width * Width))) + scoresAndSums;
        const double embedders = (256 * Width) + (Width * Width);
        const double modulation = Width * Width * ((2 * 12) + (2 * 3) + 2);
        const double ends = (24 * 2 * 8 * Width) + (512 * 10 * Width) + (2 * embedders) + (12 * Width) + (Width * Width) + modulation;

        Assert.Equal(attention, sites["blocks.0.attention"].Cost.MultiplyAdds(24, 512));
        Assert.Equal(attention, sites["blocks.1.attention.gated"].Cost.MultiplyAdds(24, 512));
        Assert.Equal(feedForward, sites["blocks.0.ff"].Cost.MultiplyAdds(24, 512));
        Assert.Equal(attention + feedForward, sites["blocks.1"].Cost.MultiplyAdds(24, 512));
        Assert.Equal((tokens * 3 * Width * Width) + scoresAndSums, sites["blocks.2.attention"].Cost.MultiplyAdds(24, 512));
        Assert.Equal(single, sites["blocks.2.fused"].Cost.MultiplyAdds(24, 512));
        Assert.Equal(single, sites["blocks.3"].Cost.MultiplyAdds(24, 512));
        Assert.Equal(2 * (attention + feedForward + single), sites["blocks"].Cost.MultiplyAdds(24, 512));
        Assert.Equal((2 * (attention + feedForward + single)) + ends, sites.Network.Cost.MultiplyAdds(24, 512));
    }

    /// <summary>A step that takes a range across the border of the two kinds of blocks, and one that takes the attention of a single block from memory.</summary>
    [Fact]
    public void RangesCrossFromTwoStreamsToOne()
    {
        var stored = Stored("flux_schnell");
        using var network = Open(Fixture("flux_schnell"));
        var halves = new ChainProbe((_, h, next) => next.Invoke(next.Invoke(next.Invoke(h, 0, 1), 1, 3), 3, 4));
        Tensor Run(IRun run, string tag) => stored.Run(network, HookedEvaluation.Of(network.Info, stored.Rows, run, HookedEvaluation.Claim(Where.Parse(tag)), out _));
        Assert.Equal(0, Difference(Run(halves, "chain"), stored.Run(network)));

        var remembered = new SiteProbe((_, h, next) => next.Invoke(h).Map(t => t.clone()));
        Assert.InRange(RelativeDifference(Run(remembered, "attention"), stored.Run(network)), 0, 1e-6);
        var replaced = new ChainProbe((_, h, next) => next.Invoke(next.Invoke(h, 0, 3).Map(t => t.clone()), 3, 4));
        Assert.Equal(0, Difference(Run(replaced, "chain"), stored.Run(network)));
    }

    [Fact]
    public void GuidanceIsThreeAndAHalfUnlessGiven()
    {
        var stored = Stored("flux_dev");
        using var network = Open(Fixture("flux_dev"));
        var plain = stored.Without(ConditionNames.Guidance).Run(network);
        Assert.Equal(0, Difference(stored.With(ConditionNames.Guidance, full(1, 3.5f).ToTestDevice()).Run(network), plain));
        Assert.True(Difference(stored.With(ConditionNames.Guidance, full(1, 5f).ToTestDevice()).Run(network), plain) > 1e-3);
        Assert.Contains(network.Info.Conditions, c => c is { Name: ConditionNames.Guidance, IsOptional: true });

        using var without = Open(Fixture("flux_schnell"));
        Assert.DoesNotContain(without.Info.Conditions, c => c.Name == ConditionNames.Guidance);
        Assert.True(without.Info.HasUnconditional);
    }

    /// <summary>Two prompts in one call: both branches of a sampler see their own text, and the negative one comes with the request.</summary>
    [Fact]
    public void GuidanceOfTwoBranchesTakesTheRequestsNegative()
    {
        var stored = Stored("flux_schnell");
        using var network = Open(Fixture("flux_schnell"));
        var sampler = Sampler.For(network).FlowEuler(2).Use(new ClassifierFreeGuidance(2)).Build();
        using var condition = stored.Condition();
        using var negative = stored.With(ConditionNames.Text, zeros_like(stored.Conditions[0].Tensor)).Condition();
        using var result = sampler.Generate(new() { Condition = condition, Negative = negative, Size = [2, 8, 12] }, cancellation: TestContext.Current.CancellationToken);
        Assert.True(result.Latents.isfinite().all().item<bool>());
        Assert.Contains("Negative", Assert.Throws<ArgumentException>(() => sampler.Generate(new() { Condition = condition, Size = [2, 8, 12] }, cancellation: TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LatentsBesideTheLatentsArePackedWithThem()
    {
        var stored = Stored("flux_schnell");
        var path = PathOf("beside.safetensors");
        Golden.Copy(
            "models/flux_schnell",
            path,
            tensors => tensors["weights.x_embedder.weight"] = cat([tensors["weights.x_embedder.weight"], tensors["weights.x_embedder.weight"]], 1),
            m => m["config"] = m["config"].Replace("\"in_channels\": 8", "\"in_channels\": 16", StringComparison.Ordinal).Replace("\"out_channels\": null", "\"out_channels\": 8", StringComparison.Ordinal));
        using var network = Open(Fixture("flux_schnell"));
        using var both = Open(path);

        Assert.Equal(2, both.Info.Channels);
        Assert.Equal(0, Difference(stored.With(ConditionNames.ImageLatents, zeros_like(stored.Latents)).Run(both), stored.Run(network)));
        var doubled = (stored with { Latents = stored.Latents * 2 }).Run(network);
        Assert.InRange(RelativeDifference(stored.With(ConditionNames.ImageLatents, stored.Latents).Run(both), doubled), 0, 1e-5);
        var error = Assert.Throws<ArgumentException>(() => stored.With(ConditionNames.ImageLatents, stored.Latents.narrow(2, 0, 4)).Run(both));
        Assert.Contains("the sides of the latents, 8 × 12", error.Message, StringComparison.Ordinal);
        NetworkCheck.Run(both, rows: 2, size: [2, 4, 6]).ThrowIfFailed();
    }

    [Theory]
    [InlineData("\"patch_size\": 1", "\"patch_size\": 2", "patch_size = 2; supported is 1")]
    [InlineData("[4, 4, 4]", "[4, 8]", "must be three numbers with the sum of attention_head_dim, 12")]
    [InlineData("[4, 4, 4]", "[4, 4, 6]", "must be three numbers with the sum of attention_head_dim, 12")]
    [InlineData("[4, 4, 4]", "[3, 4, 5]", "must be even")]
    [InlineData("\"in_channels\": 8", "\"in_channels\": 10", "must be multiples of 4")]
    [InlineData("\"out_channels\": null", "\"out_channels\": 16", "out_channels = 16 is more than in_channels = 8")]
    [InlineData("\"num_layers\": 2", "\"num_layers\": 1000000000", "num_layers = 1000000000")]
    [InlineData("\"num_layers\": 2", "\"num_layers\": 1000", "the file holds")]
    [InlineData("\"num_single_layers\": 2", "\"num_single_layers\": 1", "unexpected (single_transformer_blocks.1")]
    [InlineData("\"joint_attention_dim\": 10", "\"joint_attention_dim\": 11", "context_embedder.weight is [24, 10], wanted [24, 11]")]
    [InlineData("\"guidance_embeds\": true", "\"guidance_embeds\": false", "time_text_embed.guidance_embedder")]
    [InlineData("\"guidance_embeds\": true", "\"guidance_embeds\": true, \"qk_scale\": 2", "does not know: qk_scale = 2")]
    public void OtherConfigurationsAreRefused(string part, string replacement, string expected) => IsRefused("flux_dev", part, replacement, expected);
}
