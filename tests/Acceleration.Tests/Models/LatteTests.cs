using Acceleration.Models;
using static TorchSharp.torch;

namespace Acceleration.Tests.Models;

/// <summary>Latte: the reference's outputs, with and without temporal attention, and sites over space and over time.</summary>
public sealed class LatteTests : VideoNetworkTest
{
    private const double Width = 24;

    [Fact]
    public void OutputsAreTheReferences() => CheckOutputs("latte", [""]);

    /// <summary>Gated feed-forward parts, norms with weights, no bias, positions of an enlarged picture; temporal attention off, one frame, another size.</summary>
    [Fact]
    public void OutputsWithOtherOptionsAreTheReferences()
    {
        CheckOutputs("latte_options", ["2", "3"]);
        using var exact = Latte.Load(Fixture("latte_options"), new() { DType = ScalarType.Float64, Device = TestDevice.Current });
        using var still = exact.WithoutTemporalAttention();
        var stored = Stored("latte_options", 3);
        Assert.InRange(Difference(stored.Run(still), stored.Reference64), 0, 1e-10);
        Assert.True(Difference(stored.Run(exact), stored.Reference64) > 1e-3);
    }

    [Fact]
    public void WithoutTemporalAttentionThereAreNoTemporalSites()
    {
        using var network = Latte.Load(Fixture("latte"), new() { Device = TestDevice.Current });
        using (var still = network.WithoutTemporalAttention())
        {
            Assert.DoesNotContain(still.Info.Sites.All, s => s.Kind == SiteKind.TemporalAttention);
            Assert.Equal(2, still.Info.Sites["blocks"].Blocks.Count);
            NetworkCheck.Run(still, rows: 2, size: [4, 4, 4, 6]).ThrowIfFailed();
        }

        // The view's end is not the network's.
        Stored("latte", 4).Run(network);
    }

    [Fact]
    public void EverySiteIsSound() => CheckSites("latte", 4, 4, 4, 6);

    [Fact]
    public void PassingOnChangesNothing() => CheckPassingOn("latte", "chain", "blocks", "attention", "attention.gated", "cross", "ff", "ff.gated", "temporal", "temporal.gated");

    [Theory]
    [InlineData("blocks.0.attention", "blocks.0.attention.gated")]
    [InlineData("blocks.1.temporal", "blocks.1.temporal.gated")]
    [InlineData("blocks.3.ff", "blocks.3.ff.gated")]
    public void DroppingAddsNothingHere(string inner, string outer) => CheckDropping("latte", inner, outer);

    [Fact]
    public void AttentionOverTimeIsCachedByAPlan()
    {
        using var network = Open(Fixture("latte"));
        var sites = network.Info.Sites;
        var plan = AccelerationPlan.FromJson(new AccelerationPlan { Strategies = [new Cached(Where.TemporalAttention.OnlyBlocks(3), new Interval(2, ForceLast: false), How.LastValue)] }.ToJson());
        Assert.Equal(plan, AccelerationPlan.Parse(plan.Tag));
        var sampler = Sampler.For(network).Ddim(4).Plan(plan).Build();
        using var text = randn([1, 5, 10]);
        using var condition = new Conditioning(1, (ConditionNames.Text, text.to(TestDevice.Current)));
        using var result = sampler.Generate(new() { Condition = condition, Size = [4, 4, 4, 6] }, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(2 * sites["blocks.3.temporal"].Cost.MultiplyAdds(24, 0, 4), result.Trace.FullMultiplyAdds - result.Trace.MultiplyAdds, 1e-3);
    }

    [Fact]
    public void RowsAreIndependent() => CheckRows("latte");

    [Fact]
    public void ShortNumbersServe() => CheckShortNumbers("latte");

    [Fact]
    public void SignalsAreThere() => CheckSignals("latte", "", 2, 24);

    [Fact]
    public void InputsAreLookedAt() => CheckInputs("latte");

    [Fact]
    public void CostsAreTheMultiplyAddsOfLinearLayersAndAttention()
    {
        using var network = Open(Fixture("latte"));
        var sites = network.Info.Sites;

        // 4 frames of 4 × 6 patches, 120 text tokens of 10 numbers, counted by hand.
        const double frames = 4;
        const double places = 24;
        const double tokens = frames * places;
        const double text = 120;
        const double layers = 4 * Width * Width;
        const double space = (tokens * layers) + (frames * 2 * places * places * Width);
        const double time = (tokens * layers) + (places * 2 * frames * frames * Width);
        const double cross = (tokens * 2 * Width * Width) + (text * 2 * Width * Width) + (2 * tokens * text * Width);
        const double feedForward = tokens * 8 * Width * Width;
        const double conditioner = (256 * Width) + (Width * Width) + (6 * Width * Width) + (text * ((10 * Width) + (Width * Width)));
        const double ends = (tokens * 4 * (4 + 8) * Width) + conditioner;

        // Raised for each frame, in the layout of one.
        Assert.Equal(space, frames * sites["blocks.2.attention"].Cost.MultiplyAdds((long)places, 120));
        Assert.Equal(time, sites["blocks.1.temporal"].Cost.MultiplyAdds((long)tokens, 120, 4));
        Assert.Equal(cross, sites["blocks.0.cross"].Cost.MultiplyAdds((long)tokens, 120, 4));
        Assert.Equal(feedForward, sites["blocks.3.ff"].Cost.MultiplyAdds((long)tokens, 120, 4));
        Assert.Equal(space + cross + feedForward, sites["blocks.0"].Cost.MultiplyAdds((long)tokens, 120, 4), 1e-6);
        Assert.Equal(time + feedForward, sites["blocks.1"].Cost.MultiplyAdds((long)tokens, 120, 4), 1e-6);
        Assert.Equal((2 * (space + cross + time + (2 * feedForward))) + ends, sites.Network.Cost.MultiplyAdds((long)tokens, 120, 4), 1e-6);
    }

    /// <summary>Spatial attention is given frames as rows, in the layout of one frame; temporal attention attends over the frames of each place.</summary>
    [Fact]
    public void SpaceAndTimeAreAttendedToApart()
    {
        using var network = Open(Fixture("latte"));
        var stored = Stored("latte", 4);
        var seen = new List<(string Path, long[] Query, TokenLayout? Layout)>();
        var run = new AttentionProbe((call, input, next) =>
        {
            seen.Add((call.Site.Path, input.Query.shape, call.Layout));
            return next.Invoke(input);
        });
        var claims = new Requirements { Sites = [new(Where.Path("blocks.0.attention"), HookPhase.Attention), new(Where.TemporalAttention.OnlyBlocks(1), HookPhase.Attention), new(Where.Path("blocks.0.cross"), HookPhase.Attention)] };
        stored.Run(network, HookedEvaluation.Of(network.Info, 2, run, claims, out _));

        Assert.Equal(["blocks.0.attention", "blocks.0.cross", "blocks.1.temporal"], seen.Select(s => s.Path));
        Assert.Equal([8L, 2, 24, 12], seen[0].Query);
        Assert.Equal([2L, 2, 96, 12], seen[1].Query);
        Assert.Equal([48L, 2, 4, 12], seen[2].Query);
        Assert.Equal([new(1, 4, 6), new(4, 4, 6), new(4, 1, 1)], seen.Select(s => s.Layout));
    }

    [Fact]
    public void PaddingOfTheTextIsNotAttendedTo()
    {
        using var network = Open(Fixture("latte"));
        var stored = Stored("latte", 4);
        var text = stored.Conditions[0].Tensor;
        var mask = tensor(new[] { true, true, true, false, false }).unsqueeze(0).expand(2, 5).ToTestDevice();
        var masked = stored.With(ConditionNames.TextMask, mask).Run(network);

        Assert.InRange(RelativeDifference(masked, stored.With(ConditionNames.Text, text.narrow(1, 0, 3)).Run(network)), 0, 1e-5);
        Assert.InRange(Difference(stored.With(ConditionNames.TextMask, ones(1, 5).ToTestDevice()).Run(network), stored.Run(network)), 0, 1e-5);
        Assert.Contains("'text_mask' is for 4 tokens, 'text' has 5", Assert.Throws<ArgumentException>(() => stored.With(ConditionNames.TextMask, mask.narrow(1, 0, 4)).Run(network)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"num_layers\": 2", "\"num_layers\": 1000000000", "num_layers = 1000000000")]
    [InlineData("\"num_layers\": 2", "\"num_layers\": 1000", "the file holds")]
    [InlineData("\"num_layers\": 2", "\"num_layers\": 1", "unexpected (transformer_blocks.1")]
    [InlineData("\"in_channels\": 4", "\"in_channels\": 3", "out_channels = 8; supported is 3 or 6")]
    [InlineData("\"cross_attention_dim\": 24", "\"cross_attention_dim\": 20", "but cross_attention_dim is 20")]
    [InlineData("\"norm_type\": \"ada_norm_single\", ", "", "norm_type is missing")]
    [InlineData("ada_norm_single", "ada_norm_zero", "norm_type = ada_norm_zero")]
    [InlineData("gelu-approximate", "relu", "activation_fn = relu")]
    [InlineData("\"sample_size\": 8", "\"sample_size\": 9", "no multiple of the patch, 2")]
    [InlineData("\"attention_head_dim\": 12", "\"attention_head_dim\": 13", "must be a multiple of 4")]
    [InlineData("\"dropout\": 0.0", "\"dropout\": 0.0, \"qk_norm\": true", "does not know: qk_norm = true")]
    public void OtherConfigurationsAreRefused(string part, string replacement, string expected) => CheckRefusal("latte", part, replacement, expected);
}
