using Acceleration.Models;
using Acceleration.Tests.Tool;
using static TorchSharp.torch;

namespace Acceleration.Tests.Models;

/// <summary>PixArt: the reference's outputs, sites, masks of the text, and embedded sizes.</summary>
public sealed class PixArtTests : TextNetworkTest
{
    private const long Width = 36;

    [Theory]
    [InlineData("pixart_alpha_256")]
    [InlineData("pixart_alpha_microcond")]
    public void OutputsAreTheReferences(string fixture)
    {
        Golden.Holds($"models/{fixture}", "output", "output, strict");
        DoublePrecisionIsTheReferences(fixture, "");
        DoublePrecisionIsTheReferences(fixture, "2");
    }

    [Theory]
    [InlineData("pixart_alpha_256")]
    [InlineData("pixart_alpha_microcond")]
    public void EverySiteIsSound(string fixture) => EverySiteIsRaisedAsStrategiesRelyOn(fixture, 4, 6, 10);

    [Fact]
    public void PassingOnChangesNothing() => HooksThatPassOnChangeNoBitAndNoCost("pixart_alpha_256", "chain", "blocks", "attention", "attention.gated", "cross", "ff", "ff.gated");

    [Theory]
    [InlineData("ff", "ff.gated")]
    [InlineData("attention", "attention.gated")]
    public void DroppingAddsNothing(string inner, string outer) => DroppingAPartAddsNothing("pixart_alpha_256", inner, outer);

    [Fact]
    public void RowsAreIndependent() => ABatchIsItsRows("pixart_alpha_microcond");

    [Fact]
    public void ShortNumbersServe() => ShortNumbersAreClose("pixart_alpha_microcond");

    [Fact]
    public void SignalsAreThere() => SignalsArePublished("pixart_alpha_256", Width);

    [Fact]
    public void StrategiesOfEveryKindRun() => StrategiesWork(
        "pixart_alpha_256", new GratB { GroupHeight = 2, GroupWidth = 2, Crossover = 0 }, new GratX { GroupHeight = 2, GroupWidth = 2, Crossover = 0 }, new ToMeSD { Random = false, Parts = MergedParts.Attention | MergedParts.CrossAttention | MergedParts.FeedForward }, new Cached(Where.CrossAttention, new Interval(2), How.LastValue));

    [Fact]
    public void InputsAreLookedAt() => WrongInputsAreRefused("pixart_alpha_256");

    [Fact]
    public void CostsAreTheMultiplyAddsOfLinearLayersAndAttention()
    {
        using var network = Open(Fixture("pixart_alpha_microcond"));
        var sites = network.Info.Sites;

        // Width 36, 24 image tokens of 2·2 pixels, 120 text tokens of 20, counted by hand.
        const double attention = (24 * 4 * Width * Width) + (2 * 24 * 24 * Width);
        const double cross = (24 * 2 * Width * Width) + (120 * 2 * Width * Width) + (2 * 24 * 120 * Width);
        const double feedForward = 24 * 2 * Width * 4 * Width;
        const double captions = 120 * ((20 * Width) + (Width * Width));
        const double conditioner = (256 * Width) + (Width * Width) + (3 * ((256 * 12) + (12 * 12))) + (6 * Width * Width);
        const double ends = (24 * 4 * (4 + 8) * Width) + captions + conditioner;

        Assert.Equal(attention, sites["blocks.0.attention"].Cost.MultiplyAdds(24, 120));
        Assert.Equal(cross, sites["blocks.1.cross"].Cost.MultiplyAdds(24, 120));
        Assert.Equal(feedForward, sites["blocks.1.ff.gated"].Cost.MultiplyAdds(24, 120));
        Assert.Equal(2 * (attention + cross + feedForward), sites["blocks"].Cost.MultiplyAdds(24, 120));
        Assert.Equal((2 * (attention + cross + feedForward)) + ends, sites.Network.Cost.MultiplyAdds(24, 120));
        Assert.True(network.Info.LearnedVariance);
        Assert.Equal(PredictionType.Epsilon, network.Info.Prediction);
    }

    [Fact]
    public void TokensThatDoNotCountChangeNothing()
    {
        var stored = Stored("pixart_alpha_256");
        using var network = Open(Fixture("pixart_alpha_256"));
        var mask = stored.Conditions.Single(c => c.Name == ConditionNames.TextMask).Tensor.to(ScalarType.Float32);
        Assert.Contains(0f, mask.cpu().data<float>().ToArray());
        var plain = stored.Run(network);
        var text = stored.Conditions.Single(c => c.Name == ConditionNames.Text).Tensor;
        Assert.Equal(0, Difference(stored.With(ConditionNames.Text, text + (5 * (1 - mask).unsqueeze(2))).Run(network), plain));
        Assert.Equal(0, Difference(stored.With(ConditionNames.TextMask, mask.to(ScalarType.Bool)).Run(network), plain));
        Assert.Equal(0, Difference(stored.With(ConditionNames.TextMask, mask.to(ScalarType.Int64)).Run(network), plain));
        Assert.True(Difference(stored.Without(ConditionNames.TextMask).Run(network), plain) > 1e-3);
        Assert.True(stored.With(ConditionNames.TextMask, zeros_like(mask)).Run(network).isfinite().all().item<bool>());
        var error = Assert.Throws<ArgumentException>(() => stored.With(ConditionNames.TextMask, mask.narrow(1, 0, 5)).Run(network));
        Assert.Contains("is for 5 tokens, 'text' has 7", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SizesAreThoseOfTheLatentsUnlessGiven()
    {
        var stored = Stored("pixart_alpha_microcond");
        using var network = Open(Fixture("pixart_alpha_microcond"));
        var plain = stored.Without(ConditionNames.Resolution).Without(ConditionNames.AspectRatio);
        var told = plain.With(ConditionNames.Resolution, tensor(new float[] { 64, 96 }).unsqueeze(0).ToTestDevice()).With(ConditionNames.AspectRatio, tensor(new[] { 64f / 96 }).unsqueeze(0).ToTestDevice());
        Assert.Equal(0, Difference(told.Run(network), plain.Run(network)));
        Assert.True(Difference(told.With(ConditionNames.Resolution, tensor(new float[] { 640, 96 }).unsqueeze(0).ToTestDevice()).Run(network), plain.Run(network)) > 1e-3);
        Assert.True(Difference(told.With(ConditionNames.AspectRatio, tensor(new[] { 2f }).unsqueeze(0).ToTestDevice()).Run(network), plain.Run(network)) > 1e-3);
    }

    /// <summary>Both were published as a Transformer2DModel: the tensors tell them apart.</summary>
    [Theory]
    [InlineData("pixart_alpha_256", typeof(PixArt))]
    [InlineData("dit", typeof(DiT))]
    public void TheClassOfTheirDaysIsKnown(string fixture, Type expected)
    {
        Golden.Copy("models/" + fixture, PathOf("early.safetensors"), metadata: m => m["model_class"] = "Transformer2DModel");
        using var network = Open(PathOf("early.safetensors"));
        Assert.IsType(expected, network);
    }

    [Fact]
    public void NormsMayHaveWeightsAndAttentionNoBiases()
    {
        // Weights of 1 and biases of 0 change nothing, nor do biases of 0 that are left out.
        var stored = Stored("pixart_alpha_256");
        Golden.Copy("models/pixart_alpha_256", PathOf("zero.safetensors"), t => Biases(t).ForEach(n => t[n] = zeros_like(t[n])));
        Golden.Copy(
            "models/pixart_alpha_256",
            PathOf("other.safetensors"),
            t =>
            {
                Biases(t).ForEach(n => t.Remove(n));
                foreach (var name in Enumerable.Range(0, 2).SelectMany(i => new[] { $"weights.transformer_blocks.{i}.norm1", $"weights.transformer_blocks.{i}.norm2" }))
                {
                    (t[name + ".weight"], t[name + ".bias"]) = (ones(Width), zeros(Width));
                }
            },
            m => m["config"] = m["config"].Replace("\"attention_bias\": true", "\"attention_bias\": false", StringComparison.Ordinal).Replace("\"norm_elementwise_affine\": false", "\"norm_elementwise_affine\": true", StringComparison.Ordinal));
        using var zero = Open(PathOf("zero.safetensors"));
        using var other = Open(PathOf("other.safetensors"));
        Assert.InRange(RelativeDifference(stored.Run(other), stored.Run(zero)), 0, 1e-6);

        static List<string> Biases(Dictionary<string, Tensor> all) =>
            [.. all.Keys.Where(n => n.EndsWith(".bias", StringComparison.Ordinal) && (n.Contains(".to_q", StringComparison.Ordinal) || n.Contains(".to_k", StringComparison.Ordinal) || n.Contains(".to_v", StringComparison.Ordinal)))];
    }

    [Theory]
    [InlineData("\"norm_type\": \"ada_norm_single\"", "\"norm_type\": \"layer_norm\"", "norm_type = layer_norm")]
    [InlineData("\"activation_fn\": \"gelu-approximate\"", "\"activation_fn\": \"geglu\"", "activation_fn = geglu")]
    [InlineData("\"cross_attention_dim\": 36", "\"cross_attention_dim\": 40", "cross_attention_dim = 40 must be")]
    [InlineData("\"out_channels\": 8", "\"out_channels\": 6", "out_channels = 6 must be in_channels = 4 or twice as many")]
    [InlineData("\"out_channels\": 8", "\"out_channels\": 4", "proj_out.weight is [32, 36], wanted [16, 36]")]
    [InlineData("\"use_additional_conditions\": false", "\"use_additional_conditions\": true", "resolution_embedder")]
    [InlineData("\"interpolation_scale\": null", "\"interpolation_scale\": -1", "interpolation_scale = -1")]
    [InlineData("\"num_layers\": 2", "\"num_layers\": 1000", "the file holds")]
    [InlineData("\"sample_size\": 16", "\"sample_size\": 15", "a side of 15 is no multiple of the patch, 2")]
    [InlineData("\"attention_head_dim\": 12", "\"attention_head_dim\": 11", "it must be a multiple of 4")]
    public void OtherConfigurationsAreRefused(string part, string replacement, string expected) => IsRefused("pixart_alpha_256", part, replacement, expected);
}
