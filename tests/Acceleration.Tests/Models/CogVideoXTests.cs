using static TorchSharp.torch;

namespace Acceleration.Tests.Models;

/// <summary>CogVideoX: the reference's outputs with each kind of positions, and its sites over a joint stream.</summary>
public sealed class CogVideoXTests : VideoNetworkTest
{
    private const double Width = 32;

    protected override bool FramesFirst => true;

    [Fact]
    public void OutputsAreTheReferences() => CheckOutputs("cogvideox", [""]);

    /// <summary>The files hold rotary positions of their own, as the published pipelines make them: the network makes the same.</summary>
    [Theory]
    [InlineData("cogvideox_learned", 2)]
    [InlineData("cogvideox_15", 2)]
    public void OutputsWithRotaryPositionsAreTheReferences(string fixture, long channels)
    {
        Tool.Golden.Holds($"models/{fixture}", "output", "output, strict");
        using var network = Open(Fixture(fixture));
        Assert.Equal(channels, network.Info.Channels);
        var stored = Stored(fixture, channels);
        Assert.InRange(Difference(stored.Run(network), stored.Reference64), 0, 1e-5 * Math.Max(1, stored.Reference.abs().max().item<float>()));

        // With the very same turns the double precision is the reference's.
        using var file = SafetensorsFile.Open(Fixture(fixture));
        using var exact = Open(Fixture(fixture), ScalarType.Float64);
        var turns = new[] { "input.image_rotary_emb.0", "input.image_rotary_emb.1" }.Select(n => file.Read(n).unflatten(1, -1, 2).select(2, 0));
        var given = stored.With(ConditionNames.Rotary, cat([.. turns], 1).unsqueeze(0).ToTestDevice());
        Assert.InRange(Difference(given.Run(exact), stored.Reference64), 0, 1e-10);
        Assert.Contains("'rotary' must be", Assert.Throws<ArgumentException>(() => stored.With(ConditionNames.Rotary, ones(1, 3, 16).ToTestDevice()).Run(network)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cogvideox", 4, 3, 4, 6)]
    [InlineData("cogvideox_learned", 2, 3, 6, 8)]
    [InlineData("cogvideox_15", 2, 2, 4, 6)]
    public void EverySiteOfEachIsSound(string fixture, long channels, long frames, long height, long width) => CheckSites(fixture, channels, frames, height, width);

    [Theory]
    [InlineData("cogvideox")]
    [InlineData("cogvideox_15")]
    public void PassingOnChangesNothingHere(string fixture) => CheckPassingOn(fixture, "chain", "blocks", "attention", "attention.gated", "ff", "ff.gated");

    [Theory]
    [InlineData("blocks.0.attention", "blocks.0.attention.gated")]
    [InlineData("blocks.1.ff", "blocks.1.ff.gated")]
    public void DroppingAddsNothingHere(string inner, string outer) => CheckDropping("cogvideox", inner, outer);

    [Fact]
    public void RowsAreIndependent() => CheckRows("cogvideox");

    [Fact]
    public void ShortNumbersServe() => CheckShortNumbers("cogvideox_15");

    [Fact]
    public void SignalsAreThere() => CheckSignals("cogvideox", "", 2, 10);

    [Theory]
    [InlineData("cogvideox")]
    [InlineData("cogvideox_learned")]
    public void InputsAreLookedAtHere(string fixture) => CheckInputs(fixture);

    /// <summary>A strategy that answers with text and video apart, as caches do, changes nothing.</summary>
    [Fact]
    public void TextAndVideoMayComeApart()
    {
        using var network = Open(Fixture("cogvideox"));
        var stored = Stored("cogvideox", 4);
        var plain = stored.Run(network);
        foreach (var tag in new[] { "blocks", "attention", "attention.gated", "ff", "ff.gated" })
        {
            var apart = new SiteProbe((_, h, next) => next.Invoke(h.Map(t => t.clone())).Map(t => t.clone()));
            Assert.InRange(RelativeDifference(stored.Run(network, HookedEvaluation.Of(network.Info, 2, apart, HookedEvaluation.Claim(Where.Parse(tag)), out _)), plain), 0, 1e-6);
        }
    }

    [Fact]
    public void CostsAreTheMultiplyAddsOfLinearLayersAndAttention()
    {
        using var network = Open(Fixture("cogvideox"));
        var sites = network.Info.Sites;

        // 3 frames of 3 × 4 patches and 5 text tokens of 8 numbers, counted by hand.
        const double video = 36;
        const double all = video + 5;
        const double attention = (all * 4 * Width * Width) + (2 * all * all * Width);
        const double feedForward = all * 8 * Width * Width;
        const double conditioner = (Width * 10) + (10 * 10) + (10 * Width * ((2 * 12) + 2));
        const double ends = (video * 2 * 16 * Width) + (5 * 8 * Width);

        Assert.Equal(attention, sites["blocks.1.attention"].Cost.MultiplyAdds(36, 5));
        Assert.Equal(feedForward, sites["blocks.0.ff.gated"].Cost.MultiplyAdds(36, 5));
        Assert.Equal((2 * (attention + feedForward)) + ends + conditioner, sites.Network.Cost.MultiplyAdds(36, 5));
    }

    [Fact]
    public void LearnedPositionsHoldForTheTrainedSizeOnly()
    {
        using var network = Open(Fixture("cogvideox_learned"));
        var stored = Stored("cogvideox_learned", 2);
        var other = stored with { Latents = stored.Latents.narrow(3, 0, 4), Conditions = [stored.Conditions[0], (ConditionNames.ImageLatents, stored.Conditions[1].Tensor.narrow(3, 0, 4))] };
        Assert.Contains("positions are learned: they are those of 3 × 4 patches and 4 text tokens; got 2 × 4 and 4", Assert.Throws<ArgumentException>(() => other.Run(network)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheOffsetIsTwoUnlessGiven()
    {
        using var network = Open(Fixture("cogvideox_15"));
        var stored = Stored("cogvideox_15", 2);
        var plain = stored.Without(ConditionNames.Offset).Run(network);
        Assert.Equal(0, Difference(stored.With(ConditionNames.Offset, full(1, 2f).ToTestDevice()).Run(network), plain));
        Assert.True(Difference(stored.Run(network), plain) > 1e-4);
    }

    /// <summary>The noise of published schedulers: shifted by 3 without rotary positions, and down to nothing of the video.</summary>
    [Fact]
    public void NoiseIsThatOfThePublishedNetworks()
    {
        using var first = Open(Fixture("cogvideox"));
        using var rotary = Open(Fixture("cogvideox_15"));
        var plain = NoiseTable.Make(BetaSchedule.ScaledLinear, 0.00085, 0.012, zeroTerminalSnr: true);
        Assert.Equal(0, first.Info.Noise!.AlphaBars[^1]);
        Assert.All(Enumerable.Range(0, 999), t => Assert.Equal(plain.AlphaBars[t], rotary.Info.Noise!.AlphaBars[t], 1e-4));
        Assert.InRange(first.Info.Noise.AlphaBars[500], 0.05f, 0.5f * plain.AlphaBars[500]);
    }

    [Theory]
    [InlineData("\"num_layers\": 2", "\"num_layers\": 1000000000", "num_layers = 1000000000")]
    [InlineData("\"num_layers\": 2", "\"num_layers\": 1000", "the file holds")]
    [InlineData("\"num_layers\": 2", "\"num_layers\": 1", "unexpected (transformer_blocks.1")]
    [InlineData("\"use_learned_positional_embeddings\": false", "\"use_learned_positional_embeddings\": true", "use_rotary_positional_embeddings must be true")]
    [InlineData("\"attention_head_dim\": 16", "\"attention_head_dim\": 12", "must be a multiple of 16")]
    [InlineData("\"ofs_embed_dim\": null", "\"ofs_embed_dim\": 8", "they must be equal")]
    [InlineData("\"sample_height\": 6", "\"sample_height\": 7", "no multiples of the patch, 2")]
    [InlineData("\"freq_shift\": 0", "\"freq_shift\": 16", "freq_shift must be smaller")]
    [InlineData("\"in_channels\": 4", "\"in_channels\": 3", "it must take at least those")]
    [InlineData("\"patch_bias\": true", "\"patch_bias\": false", "unexpected (patch_embed.proj.bias)")]
    [InlineData("\"dropout\": 0.0", "\"dropout\": 0.0, \"qk_norm\": true", "does not know: qk_norm = true")]
    public void OtherConfigurationsAreRefused(string part, string replacement, string expected) => CheckRefusal("cogvideox", part, replacement, expected);
}
