using System.Text.Json.Nodes;
using Acceleration.Models;
using Acceleration.Tests.Tool;
using static TorchSharp.torch;

namespace Acceleration.Tests.Models;

/// <summary>Configurations, files and inputs that are not right.</summary>
public sealed class UNetHostileTests : ModelTest
{
    [Theory]
    [InlineData("down_block_types", "[\"SkipDownBlock2D\", \"DownBlock2D\", \"DownBlock2D\"]", "supported is an array of DownBlock2D, AttnDownBlock2D, CrossAttnDownBlock2D")]
    [InlineData("up_block_types", "[\"UpBlock2D\"]", "up_block_types has 1 entries and block_out_channels 3")]
    [InlineData("mid_block_type", "\"UNetMidBlock2DSimpleCrossAttn\"", "supported is UNetMidBlock2DCrossAttn or UNetMidBlock2D")]
    [InlineData("block_out_channels", "[8, 12, 1000000]", "supported is whole numbers from 1 to 16384")]
    [InlineData("block_out_channels", "[8, 12, 16384]", "the file holds")]
    [InlineData("block_out_channels", "[8, 12, 14]", "14 channels cannot be divided among 4 groups")]
    [InlineData("attention_head_dim", "5", "cannot be divided among 5 heads")]
    [InlineData("attention_head_dim", "[2, 2]", "attention_head_dim has 2 entries")]
    [InlineData("num_attention_heads", "2", "num_attention_heads = 2")]
    [InlineData("transformer_layers_per_block", "[[1, 1], 1, 1]", "reverse_transformer_layers_per_block is missing")]
    [InlineData("transformer_layers_per_block", "1000", "supported is whole numbers from 0 to 256")]
    [InlineData("transformer_layers_per_block", "{}", "or lists of them")]
    [InlineData("dual_cross_attention", "true", "dual_cross_attention = true")]
    [InlineData("attention_type", "\"gated\"", "attention_type = gated")]
    [InlineData("addition_embed_type", "\"image\"", "addition_embed_type = image; supported is text_time")]
    [InlineData("addition_embed_type", "\"text_time\"", "must leave some for the text")]
    [InlineData("encoder_hid_dim_type", "\"ip_image_proj\"", "encoder_hid_dim_type = ip_image_proj")]
    [InlineData("time_embedding_type", "\"fourier\"", "time_embedding_type = fourier; supported is positional")]
    [InlineData("class_embeddings_concat", "true", "there are no classes")]
    [InlineData("num_class_embeds", "100000", "the file holds")]
    [InlineData("freq_shift", "4", "a freq_shift of 4 leaves no frequencies of 4")]
    [InlineData("conv_in_kernel", "2", "must be odd")]
    [InlineData("out_channels", "7", "7 output channels are neither")]
    [InlineData("sample_size", "1", "cannot be halved 2 times")]
    [InlineData("layers_per_block", "64", "the file holds")]
    [InlineData("something_new", "1", "a key that this network does not know: something_new = 1")]
    public void AConfigurationThatIsNotComputedIsRefused(string key, string value, string expected)
    {
        var path = Changed("unet_sd15", c => c[key] = JsonNode.Parse(value));
        var error = Assert.Throws<CheckpointException>(() => UNet.Load(path));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.InRange(error.Message.Length, 20, 2500);
    }

    [Fact]
    public void AnAdapterIsRefusedByName()
    {
        var path = PathOf("adapted.safetensors");
        Golden.Copy("models/unet_sd15", path, t => t["weights.mid_block.attentions.0.transformer_blocks.0.attn2.processor.to_k_ip.0.weight"] = zeros(12, 12));
        var error = Assert.Throws<CheckpointException>(() => Networks.Load(path));
        Assert.Contains("IP-Adapter", error.Message, StringComparison.Ordinal);
        Assert.Contains("to_k_ip", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TensorsOfAnotherShapeAreNamed()
    {
        var path = PathOf("other.safetensors");
        Golden.Copy("models/unet_sd15", path, t =>
        {
            t["weights.conv_in.weight"] = zeros(8, 4, 5, 5);
            t.Remove("weights.conv_out.bias");
            t["weights.extra"] = zeros(1);
        });
        var error = Assert.Throws<CheckpointException>(() => UNet.Load(path));
        Assert.Contains("1 missing (conv_out.bias); 1 of another shape (conv_in.weight is [8, 4, 5, 5], wanted [8, 4, 3, 3]); 1 unexpected (extra)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NamesThatAttentionOnceHadAreKnown()
    {
        var path = PathOf("old.safetensors");
        Golden.Copy("models/unet2d_ddpm", path, tensors =>
        {
            foreach (var name in tensors.Keys.ToArray())
            {
                var old = name.Replace(".to_q.", ".query.").Replace(".to_k.", ".key.").Replace(".to_v.", ".value.").Replace(".to_out.0.", ".proj_attn.");
                (tensors[old], _) = (tensors[name], old == name || tensors.Remove(name));
            }
        });
        using var file = SafetensorsFile.Open(path);
        Assert.Contains(file.Names, n => n.Contains(".proj_attn.", StringComparison.Ordinal));
        using var network = UNet.Load(path, new() { Device = TestDevice.Current });
        var (x, t, _) = UNetTests.Inputs(file);
        Assert.InRange(Difference(UNetTests.Predict(network, x, t, []), file.Read("output64.sample")), 0, 2.3e-5);
    }

    [Fact]
    public void WrongInputsAreNamed()
    {
        using var network = UNet.Load(Fixture("unet_sdxl"), new() { Device = TestDevice.Current });
        var (x, t) = (Normal(1, 2, 4, 8, 12), full(2, 10f).ToTestDevice());
        var text = (ConditionNames.Text, Normal(2, 2, 5, 12));
        var pooled = (ConditionNames.Pooled, Normal(3, 2, 10));
        var sizes = (ConditionNames.TimeIds, Normal(4, 2, 6));
        void Refused(string expected, Tensor x, Tensor t, params (string, Tensor)[] conditions)
        {
            var error = Assert.ThrowsAny<Exception>(() => UNetTests.Predict(network, x, t, conditions));
            Assert.True(error is ArgumentException or KeyNotFoundException, error.ToString());
            Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        }

        Assert.Equal(x.shape, UNetTests.Predict(network, x, t, [text, pooled, sizes]).shape);
        Refused("takes latents of size [4, ...]", Normal(1, 2, 3, 8, 12), t, text, pooled, sizes);
        Refused("takes latents of size [4, ...]", Normal(1, 2, 4, 8), t, text, pooled, sizes);
        Refused("floating-point numbers in 2 rows", ones([2, 4, 8, 12], ScalarType.Int64).ToTestDevice(), t, text, pooled, sizes);
        Refused("the timestep is float32 [3]; expected [2 or 1]", x, full(3, 10f).ToTestDevice(), text, pooled, sizes);
        Refused("asks for the condition 'text'", x, t, pooled, sizes);
        Refused("the condition 'text' is float32 [2, 5, 11]; expected [2 or 1, 5, 12]", x, t, (ConditionNames.Text, Normal(2, 2, 5, 11)), pooled, sizes);
        Refused("expected [2 or 1, tokens, 12]", x, t, (ConditionNames.Text, Normal(2, 2, 12)), pooled, sizes);
        Refused("the condition 'pooled' is float32 [2, 9]; expected [2 or 1, 10]", x, t, text, (ConditionNames.Pooled, Normal(3, 2, 9)), sizes);
        Refused("the condition 'time_ids' is float32 [2, 5]; expected [2 or 1, 6]", x, t, text, pooled, (ConditionNames.TimeIds, Normal(4, 2, 5)));
        Refused("the condition 'text_mask' is bool [2, 4]; expected [2 or 1, 5]", x, t, text, pooled, sizes, (ConditionNames.TextMask, ones([2, 4], ScalarType.Bool).ToTestDevice()));
        Assert.Throws<ArgumentException>(() => network.Predict(x, t, Conditioning.None(2), Evaluation.Plain(3)));
    }

    private string Changed(string fixture, Action<JsonObject> change)
    {
        var path = PathOf("changed.safetensors");
        Golden.Copy("models/" + fixture, path, metadata: m =>
        {
            var config = JsonNode.Parse(m["config"])!.AsObject();
            change(config);
            m["config"] = config.ToJsonString();
        });
        return path;
    }
}
