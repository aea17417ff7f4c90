using Acceleration.Tests.Tool;
using Acceleration.Tool;
using static TorchSharp.torch;

namespace Acceleration.Tests.Models;

/// <summary>Stable Diffusion 3 and 3.5: the reference's outputs, sites of joint blocks, second attentions, and a last block that ends the text.</summary>
public sealed class SD3Tests : TextNetworkTest
{
    private const long Width = 24;

    [Theory]
    [InlineData("sd3")]
    [InlineData("sd35")]
    public void OutputsAreTheReferences(string fixture)
    {
        Golden.Holds($"models/{fixture}", "output", "output, strict");
        DoublePrecisionIsTheReferences(fixture, "");
    }

    [Theory]
    [InlineData("sd3")]
    [InlineData("sd35")]
    public void EverySiteIsSound(string fixture) => EverySiteIsRaisedAsStrategiesRelyOn(fixture, 4, 6, 10);

    [Theory]
    [InlineData("sd3")]
    [InlineData("sd35")]
    public void PassingOnChangesNothing(string fixture) => HooksThatPassOnChangeNoBitAndNoCost(fixture, "chain", "blocks", "attention", "attention.gated", "ff", "ff.gated");

    [Theory]
    [InlineData("ff", "ff.gated")]
    [InlineData("attention", "attention.gated")]
    public void DroppingAddsNothing(string inner, string outer) => DroppingAPartAddsNothing("sd35", inner, outer);

    [Fact]
    public void RowsAreIndependent() => ABatchIsItsRows("sd35");

    [Fact]
    public void ShortNumbersServe() => ShortNumbersAreClose("sd35");

    [Fact]
    public void SignalsAreThere() => SignalsArePublished("sd35", Width);

    [Fact]
    public void StrategiesOfEveryKindRun() => StrategiesWork(
        "sd35", new GratB { GroupHeight = 2, GroupWidth = 2, Crossover = 0 }, new GratX { GroupHeight = 2, GroupWidth = 2, Crossover = 0 }, new ToMeSD { Random = false, Parts = MergedParts.Attention });

    [Fact]
    public void InputsAreLookedAt() => WrongInputsAreRefused("sd35");

    [Fact]
    public void CostsAreTheMultiplyAddsOfLinearLayersAndAttention()
    {
        using var network = Open(Fixture("sd35"));
        var sites = network.Info.Sites;

        // Width 24, 24 image tokens of 2·2 pixels, 333 text tokens of 14, counted by hand.
        const double tokens = 24 + 333;
        const double scoresAndSums = 2 * tokens * tokens * Width;
        const double attention = (tokens * 4 * Width * Width) + scoresAndSums;
        const double last = (tokens * 3 * Width * Width) + (24 * Width * Width) + scoresAndSums;
        const double second = (24 * 4 * Width * Width) + (2 * 24 * 24 * Width);
        const double feedForward = tokens * 2 * Width * 4 * Width;
        const double lastFeedForward = 24 * 2 * Width * 4 * Width;
        const double blocks = (2 * (attention + second + feedForward)) + last + lastFeedForward;
        const double modulation = Width * Width * (9 + 6 + 9 + 6 + 6 + 2 + 2);
        const double ends = (24 * 2 * 16 * Width) + (333 * 14 * Width) + (256 * Width) + (Width * Width) + (12 * Width) + (Width * Width) + modulation;

        Assert.Equal(attention, sites["blocks.0.attention"].Cost.MultiplyAdds(24, 333));
        Assert.Equal(second, sites["blocks.1.attention2"].Cost.MultiplyAdds(24, 333));
        Assert.Equal(last, sites["blocks.2.attention"].Cost.MultiplyAdds(24, 333));
        Assert.Equal(lastFeedForward, sites["blocks.2.ff"].Cost.MultiplyAdds(24, 333));
        Assert.Equal(attention + second + feedForward, sites["blocks.0"].Cost.MultiplyAdds(24, 333));
        Assert.Equal(blocks, sites["blocks"].Cost.MultiplyAdds(24, 333));
        Assert.Equal(blocks + ends, sites.Network.Cost.MultiplyAdds(24, 333));
    }

    [Fact]
    public void PicturesBeyondThePositionTableAreRefused()
    {
        var stored = Stored("sd35");
        using var network = Open(Fixture("sd35"));
        Assert.Equal([2L, 4, 24, 24], (stored with { Latents = zeros(2, 4, 24, 24).ToTestDevice() }).Run(network).shape);
        var error = Assert.Throws<ArgumentException>(() => (stored with { Latents = zeros(2, 4, 8, 26).ToTestDevice() }).Run(network));
        Assert.Contains("holds 12 × 12 patches; got 4 × 13", error.Message, StringComparison.Ordinal);
    }

    /// <summary>skip_layers of the reference: a golden file that asks for it is computed, and the block that is left out changes the output.</summary>
    [Fact]
    public void BlocksAreLeftOutWhereAGoldenFileSaysSo()
    {
        var stored = Stored("sd35");
        using var network = Open(Fixture("sd35"));
        var drop = new SiteProbe((_, h, next) => next.Drop(h));
        var without = stored.Run(network, HookedEvaluation.Of(network.Info, stored.Rows, drop, HookedEvaluation.Claim(Where.Blocks.OnlyBlocks(1)), out _)).cpu();
        Assert.True(Difference(without, stored.Reference) > 0.01);

        Golden.Copy("models/sd35", PathOf("without.safetensors"), t => (t["output.sample"], t["output64.sample"]) = (without, without.to(ScalarType.Float64)), m => m["cases"] = "[{\"skip_layers\": [1]}]");
        Assert.Equal(Verdict.Holds, Verification.Of(PathOf("without.safetensors"), cancellation: TestContext.Current.CancellationToken).Verdict);
        Golden.Copy("models/sd35", PathOf("whole.safetensors"), metadata: m => m["cases"] = "[{\"skip_layers\": [1]}]");
        Assert.Equal(Verdict.Misses, Verification.Of(PathOf("whole.safetensors"), cancellation: TestContext.Current.CancellationToken).Verdict);
    }

    [Fact]
    public void LatentsBesideTheLatentsGoInWithThem()
    {
        var stored = Stored("sd3");
        Golden.Copy(
            "models/sd3",
            PathOf("beside.safetensors"),
            tensors => tensors["weights.pos_embed.proj.weight"] = cat([tensors["weights.pos_embed.proj.weight"], tensors["weights.pos_embed.proj.weight"].narrow(1, 0, 1)], 1),
            m => m["config"] = m["config"].Replace("\"in_channels\": 4", "\"in_channels\": 5", StringComparison.Ordinal));
        using var network = Open(Fixture("sd3"));
        using var both = Open(PathOf("beside.safetensors"));
        Assert.InRange(RelativeDifference(stored.With(ConditionNames.ImageLatents, zeros_like(stored.Latents.narrow(1, 0, 1))).Run(both), stored.Run(network)), 0, 1e-6);
        Assert.Contains("needs 'image_latents'", Assert.Throws<ArgumentException>(() => stored.Run(both)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"qk_norm\": \"rms_norm\"", "\"qk_norm\": \"layer_norm\"", "qk_norm = layer_norm; supported is rms_norm")]
    [InlineData("\"qk_norm\": \"rms_norm\"", "\"qk_norm\": null", "attn.norm_q.weight")]
    [InlineData("\"dual_attention_layers\": [0, 1]", "\"dual_attention_layers\": [0]", "attn2.to_q")]
    [InlineData("\"dual_attention_layers\": [0, 1]", "\"dual_attention_layers\": [0, 3]", "dual_attention_layers = [0, 3]")]
    [InlineData("\"caption_projection_dim\": 24", "\"caption_projection_dim\": 32", "caption_projection_dim = 32 must be")]
    [InlineData("\"pos_embed_max_size\": 12", "\"pos_embed_max_size\": 4000", "the file holds")]
    [InlineData("\"pos_embed_max_size\": 12", "\"pos_embed_max_size\": 11", "pos_embed.pos_embed is [1, 144, 24]")]
    [InlineData("\"out_channels\": 4", "\"out_channels\": 8", "out_channels = 8 is more than in_channels = 4")]
    [InlineData("\"num_layers\": 3", "\"num_layers\": 0", "num_layers = 0")]
    [InlineData("\"patch_size\": 2", "\"patch_size\": 32", "sample_size = 16 is less than a patch")]
    public void OtherConfigurationsAreRefused(string part, string replacement, string expected) => IsRefused("sd35", part, replacement, expected);
}
