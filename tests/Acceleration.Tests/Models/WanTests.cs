using static TorchSharp.torch;

namespace Acceleration.Tests.Models;

/// <summary>Wan: the reference's outputs from text and from images, a time for each token, and its sites.</summary>
public sealed class WanTests : VideoNetworkTest
{
    private const double Width = 24;

    /// <summary>Where the reference's double precision goes through single: in its norms.</summary>
    private const double NormsInSingle = 1e-6;

    [Fact]
    public void OutputsFromTextAreTheReferences() => CheckOutputs("wan_t2v", ["", "2"], NormsInSingle);

    [Fact]
    public void OutputsFromAnImageAreTheReferences() => CheckOutputs("wan_i2v", [""], NormsInSingle);

    /// <summary>First and last frame with learned positions, patches of two frames, no norm before cross-attention, another ε; a double precision that is one throughout.</summary>
    [Fact]
    public void OutputsFromTwoImagesAreTheReferences() => CheckOutputs("wan_frames", [""]);

    [Theory]
    [InlineData("wan_t2v", 4, 3, 4, 6)]
    [InlineData("wan_i2v", 4, 2, 6, 4)]
    [InlineData("wan_frames", 2, 4, 4, 6)]
    public void EverySiteOfEachIsSound(string fixture, long channels, long frames, long height, long width) => CheckSites(fixture, channels, frames, height, width);

    [Theory]
    [InlineData("wan_t2v")]
    [InlineData("wan_i2v")]
    public void PassingOnChangesNothingHere(string fixture) => CheckPassingOn(fixture, "chain", "blocks", "attention", "attention.gated", "cross", "ff", "ff.gated");

    [Theory]
    [InlineData("blocks.0.attention", "blocks.0.attention.gated")]
    [InlineData("blocks.1.ff", "blocks.1.ff.gated")]
    public void DroppingAddsNothingHere(string inner, string outer) => CheckDropping("wan_t2v", inner, outer);

    [Theory]
    [InlineData("wan_t2v")]
    [InlineData("wan_i2v")]
    public void RowsAreIndependent(string fixture) => CheckRows(fixture);

    [Fact]
    public void ShortNumbersServe() => CheckShortNumbers("wan_i2v");

    [Fact]
    public void SignalsAreThere()
    {
        CheckSignals("wan_t2v", "", 2, 24);
        CheckSignals("wan_t2v", "2", 1, 18 * 24);
    }

    [Theory]
    [InlineData("wan_t2v")]
    [InlineData("wan_frames")]
    public void InputsAreLookedAtHere(string fixture) => CheckInputs(fixture);

    /// <summary>A time for each token that is the same for all is the time of the row, also where strategies run some rows and some tokens.</summary>
    [Fact]
    public void TimesOfTokensAreNarrowedWithThem()
    {
        using var network = Open(Fixture("wan_t2v"));
        var stored = Stored("wan_t2v", 4);
        var each = stored with { Time = stored.Time.unsqueeze(1).expand(2, 18).contiguous() };
        Assert.InRange(RelativeDifference(each.Run(network), stored.Run(network)), 0, 1e-5);

        var varied = stored with { Time = (stored.Time.unsqueeze(1) * linspace(0, 1, 18, ScalarType.Float32).ToTestDevice()).contiguous() };
        var rows = new SiteProbe((_, h, next) => cat([next.InvokeRows(h, [0]).Main, next.InvokeRows(h, [1]).Main], 0));
        var tokens = new SiteProbe((_, h, next) =>
        {
            var parts = new[] { arange(0, 18, 2), arange(1, 18, 2) }.Select(i => next.InvokeTokens(new TokenSelection(18, i.ToTestDevice()).Take(h.Main, 1), new(18, i.ToTestDevice())).Main);
            return stack([.. parts], 2).flatten(1, 2);
        });
        Assert.InRange(RelativeDifference(Hooked(rows, "blocks", HookPhase.Cache), varied.Run(network)), 0, 1e-5);
        Assert.InRange(RelativeDifference(Hooked(rows, "attention", HookPhase.Cache), varied.Run(network)), 0, 1e-5);
        Assert.InRange(RelativeDifference(Hooked(tokens, "ff.gated", HookPhase.Tokens), varied.Run(network)), 0, 1e-5);

        Tensor Hooked(SiteProbe run, string tag, HookPhase phase) => varied.Run(network, HookedEvaluation.Of(network.Info, 2, run, HookedEvaluation.Claim(Where.Parse(tag), phase), out _));
    }

    [Fact]
    public void CostsAreTheMultiplyAddsOfLinearLayersAndAttention()
    {
        using var network = Open(Fixture("wan_i2v"));
        var sites = network.Info.Sites;

        // 18 tokens, 512 of text with 10 numbers, 257 of an image with 9, counted by hand.
        const double tokens = 18;
        const double read = 512 + 257;
        const double attention = (tokens * 4 * Width * Width) + (2 * tokens * tokens * Width);
        const double cross = (tokens * 2 * Width * Width) + (read * 2 * Width * Width) + (2 * tokens * read * Width);
        const double feedForward = tokens * 2 * 40 * Width;
        const double times = (16 * Width) + (Width * Width) + (6 * Width * Width);
        const double embedders = (512 * ((10 * Width) + (Width * Width))) + (257 * ((9 * 9) + (9 * Width)));
        const double ends = tokens * 4 * (6 + 4) * Width;

        Assert.Equal(attention, sites["blocks.1.attention"].Cost.MultiplyAdds(18, 512 + 257));
        Assert.Equal(cross, sites["blocks.0.cross"].Cost.MultiplyAdds(18, 512 + 257));
        Assert.Equal(feedForward, sites["blocks.0.ff.gated"].Cost.MultiplyAdds(18, 512 + 257));
        Assert.Equal((2 * (attention + cross + feedForward)) + ends + times + embedders, sites.Network.Cost.MultiplyAdds(18, 512 + 257), 1e-6);
    }

    /// <summary>3 positions on each axis: 3 × 2 × 3 tokens have theirs, 3 × 4 × 3 have not.</summary>
    [Fact]
    public void SizesBeyondThePositionsAreRefused()
    {
        using var network = Open(Changed("wan_t2v", "\"rope_max_seq_len\": 32", "\"rope_max_seq_len\": 3"));
        var stored = Stored("wan_t2v", 4);
        Assert.Equal([4L, 3, 6, 6], network.Info.SampleSize);
        stored.Run(network);
        var larger = stored with { Latents = stored.Latents.repeat(1, 1, 1, 2, 1) };
        Assert.Contains("3 positions on an axis; the latents make 3 × 4 × 3 tokens", Assert.Throws<ArgumentException>(() => larger.Run(network)).Message, StringComparison.Ordinal);
    }

    /// <summary>A request from text to latents: both branches of a sampler see their own text, and the image is everybody's.</summary>
    [Fact]
    public void ARequestBringsItsImage()
    {
        using var network = Open(Fixture("wan_i2v"));
        var stored = Stored("wan_i2v", 4);
        var sampler = Sampler.For(network).FlowEuler(2).Use(new ClassifierFreeGuidance(2)).Build();
        using var condition = stored.Condition();
        using var negative = stored.With(ConditionNames.Text, zeros_like(stored.Conditions[0].Tensor)).Condition();
        using var result = sampler.Generate(new() { Condition = condition, Negative = negative, Size = [4, 3, 4, 6] }, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal([2L, 4, 3, 4, 6], result.Latents.shape);
        Assert.True(result.Latents.isfinite().all().item<bool>());
    }

    [Fact]
    public void FilesMayHoldTheNormThatNothingUses()
    {
        var path = PathOf("published.safetensors");
        Tool.Golden.Copy("models/wan_i2v", path, tensors =>
        {
            tensors["weights.blocks.0.attn2.norm_added_q.weight"] = ones(24);
            tensors["weights.blocks.1.attn2.norm_added_q.weight"] = ones(24);
        });
        using var published = Open(path);
        using var network = Open(Fixture("wan_i2v"));
        Assert.Equal(0, Difference(Stored("wan_i2v", 4).Run(published), Stored("wan_i2v", 4).Run(network)));
    }

    [Theory]
    [InlineData("\"num_layers\": 2", "\"num_layers\": 1000000000", "num_layers = 1000000000")]
    [InlineData("\"num_layers\": 2", "\"num_layers\": 1000", "the file holds")]
    [InlineData("\"num_layers\": 2", "\"num_layers\": 1", "unexpected (blocks.1")]
    [InlineData("\"patch_size\": [1, 2, 2]", "\"patch_size\": [1, 2]", "patch_size has 2 numbers")]
    [InlineData("\"patch_size\": [1, 2, 2]", "\"patch_size\": [1, 2, 4]", "patches of 2 × 4 are not supported")]
    [InlineData("\"attention_head_dim\": 12", "\"attention_head_dim\": 13", "cannot be turned in pairs")]
    [InlineData("\"freq_dim\": 16", "\"freq_dim\": 15", "come in pairs")]
    [InlineData("\"in_channels\": 6", "\"in_channels\": 3", "it must take at least those")]
    [InlineData("\"added_kv_proj_dim\": 24", "\"added_kv_proj_dim\": 20", "but added_kv_proj_dim is 20")]
    [InlineData("\"image_dim\": 9", "\"image_dim\": null", "image_dim does not say their width")]
    [InlineData("rms_norm_across_heads", "layer_norm", "qk_norm = layer_norm")]
    [InlineData("\"eps\": 1e-06", "\"eps\": 1e-06, \"window_size\": [-1, -1]", "does not know: window_size")]
    public void OtherConfigurationsAreRefused(string part, string replacement, string expected) => CheckRefusal("wan_i2v", part, replacement, expected);
}
