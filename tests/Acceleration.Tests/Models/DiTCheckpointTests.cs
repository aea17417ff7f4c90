using Acceleration.Models;
using static TorchSharp.torch;

namespace Acceleration.Tests.Models;

/// <summary>Files that are no DiT, or not the one they say they are.</summary>
public sealed class DiTCheckpointTests : ModelTest
{
    [Fact]
    public void EverythingMissingMisshapenOrLeftOverIsReportedTogether()
    {
        var error = Refused("dit_original", tensors =>
        {
            tensors.Remove("weights.blocks.1.mlp.fc2.weight");
            tensors.Remove("weights.t_embedder.mlp.0.bias");
            tensors["weights.blocks.0.attn.qkv.weight"] = zeros(3, 36);
            tensors["weights.blocks.0.attn.q_norm.weight"] = ones(12);
        });

        Assert.Contains("2 missing (t_embedder.mlp.0.bias, blocks.1.mlp.fc2.weight)", error.Message, StringComparison.Ordinal);
        Assert.Contains("1 of another shape (blocks.0.attn.qkv.weight is [3, 36], wanted [108, 36])", error.Message, StringComparison.Ordinal);
        Assert.Contains("1 unexpected (blocks.0.attn.q_norm.weight)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ALongListIsCutAfterTen()
    {
        var error = Refused("dit", tensors =>
        {
            for (var i = 0; i < 25; i++)
            {
                tensors[$"weights.extra.{i:00}"] = ones(1);
            }
        });

        Assert.Contains("25 unexpected (extra.00, extra.01", error.Message, StringComparison.Ordinal);
        Assert.Contains("extra.09, ...)", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("extra.10", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dit", "\"upcast_attention\": false", "\"upcast_attention\": true", "upcast_attention = true; supported is false")]
    [InlineData("dit", "\"norm_type\": \"ada_norm_zero\"", "\"norm_type\": \"layer_norm\"", "norm_type = layer_norm; supported is ada_norm_zero")]
    [InlineData("dit", "\"num_layers\": 2", "\"num_layers\": 2, \"qk_norm\": true", "does not know: qk_norm = true")]
    [InlineData("dit", "\"num_layers\": 2", "\"num_layers\": 0", "num_layers = 0; supported is a whole number from 1")]
    [InlineData("dit", "\"out_channels\": 8", "\"out_channels\": 7", "out_channels = 7; supported is 4 or 8")]
    [InlineData("dit", "\"num_layers\": 2, ", "", "does not say 'num_layers'")]
    [InlineData("dit", "{", "", "not a JSON object")]
    [InlineData("dit_original", "\"depth\": 2", "\"depth\": 2, \"swiglu\": true", "does not know: swiglu = true")]
    [InlineData("dit_original", "\"num_heads\": 3", "\"num_heads\": 5", "36 cannot be divided among 5 heads")]
    [InlineData("dit_original", "\"learn_sigma\": true", "\"learn_sigma\": false", "final_layer.linear.weight is [32, 36], wanted [16, 36]")]
    [InlineData("dit_original", "\"patch_size\": 2", "\"patch_size\": 3", "8 is no multiple of the patch")]
    [InlineData("dit_original", "\"hidden_size\": 36", "\"hidden_size\": 16380", "2 blocks of width 16380")]
    [InlineData("dit_original", "\"hidden_size\": 36", "\"hidden_size\": -1", "hidden_size = -1")]
    [InlineData("dit_original", "\"hidden_size\": 36", "\"hidden_size\": \"wide\"", "hidden_size = wide")]
    public void AnUnsupportedConfigurationIsRefusedByName(string fixture, string part, string replacement, string expected)
    {
        var error = Refused(fixture, null, metadata => metadata["config"] = metadata["config"].Replace(part, replacement, StringComparison.Ordinal));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AFileWithoutPatchEmbeddingIsNoDiT()
    {
        var error = Refused("dit", tensors => tensors.Remove("weights.pos_embed.proj.weight"));

        Assert.Contains("this is no DiT", error.Message, StringComparison.Ordinal);
        Assert.Contains("does not exist", Assert.Throws<CheckpointException>(() => DiT.Load(PathOf("none.safetensors"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AConfigurationBesideTheFileIsRead()
    {
        using var file = SafetensorsFile.Open(Fixture("dit"));
        File.WriteAllText(PathOf("config.json"), file.Metadata["config"].Replace("{", "{\"_class_name\": \"DiTTransformer2DModel\", \"num_vector_embeds\": null, ", StringComparison.Ordinal));
        var path = PathOf("plain.safetensors");
        SafetensorsFile.Write(path, file.Names.Where(n => n.StartsWith("weights.", StringComparison.Ordinal)).Select(n => (n["weights.".Length..], file.Read(n))));
        using var network = Load(path);
        using var original = Load(Fixture("dit"));
        using var labels = new Conditioning(2, ("labels", file.Read("input.class_labels")));
        Tensor Predict(DiT d) => d.Predict(file.Read("input.hidden_states").ToTestDevice(), file.Read("input.timestep").to(ScalarType.Float32).ToTestDevice(), labels, Evaluation.Plain(2));

        Assert.Equal("plain", network.Info.Name);
        Assert.Equal(0, Difference(Predict(network), Predict(original)));
    }

    [Fact]
    public void EqualEmbeddersOfTheDiffusersLayoutAreShared()
    {
        var path = Changed("dit", tensors =>
        {
            foreach (var name in tensors.Keys.Where(n => n.Contains("blocks.1.norm1.emb.", StringComparison.Ordinal)).ToArray())
            {
                tensors[name] = tensors[name.Replace("blocks.1", "blocks.0", StringComparison.Ordinal)];
            }
        });
        using var network = Load(path);
        const double width = 36;

        Assert.Equal((256 * width) + (width * width) + (width * 14 * width), network.Info.Sites.Network.Cost.PerRow);
        using var file = SafetensorsFile.Open(path);
        using var weights = Load(Fixture("dit"), ScalarType.Float64);
        using var labels = Conditioning.Labels(3, 4);
        using var exact = Load(path, ScalarType.Float64);
        var (x, t) = (file.Read("input.hidden_states").ToTestDevice(), full(2, 77f).ToTestDevice());
        Assert.InRange(Difference(network.Predict(x, t, labels, Evaluation.Plain(2)), exact.Predict(x, t, labels, Evaluation.Plain(2))), 0, 1e-5);
        Assert.True(Difference(exact.Predict(x, t, labels, Evaluation.Plain(2)), weights.Predict(x, t, labels, Evaluation.Plain(2))) > 0.01);
    }

    [Fact]
    public void ALearnedPositionTableHoldsItsOwnSizeOnly()
    {
        using var stored = Load(Fixture("dit_original"));
        using var learned = Load(Changed("dit_original", tensors => tensors["weights.pos_embed"] = Normal(9, 1, 16, 36)));
        using var labels = Conditioning.Labels(1);
        var (trained, other, t) = (Normal(1, 1, 4, 8, 8), Normal(1, 1, 4, 8, 12), full(1, 10f).ToTestDevice());

        Assert.Equal([1L, 8, 8, 12], stored.Predict(other, t, labels, Evaluation.Plain(1)).shape);
        Assert.Equal([1L, 8, 8, 8], learned.Predict(trained, t, labels, Evaluation.Plain(1)).shape);
        var error = Assert.Throws<ArgumentException>(() => learned.Predict(other, t, labels, Evaluation.Plain(1)));
        Assert.Contains("4 × 4 patches only; got 4 × 6", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WithoutANullClassThereIsNoUnconditionalBranch()
    {
        using var network = Load(Changed("dit_original", tensors =>
            tensors["weights.y_embedder.embedding_table.weight"] = tensors["weights.y_embedder.embedding_table.weight"].narrow(0, 0, 10)));

        Assert.Null(network.Info.Unconditional);
        Assert.Equal(10, network.Info.Classes);
    }

    private CheckpointException Refused(string fixture, Action<Dictionary<string, Tensor>>? tensors, Action<Dictionary<string, string>>? metadata = null)
    {
        var path = Changed(fixture, tensors, metadata);
        return Assert.Throws<CheckpointException>(() => Load(path));
    }

    private string Changed(string fixture, Action<Dictionary<string, Tensor>>? tensors, Action<Dictionary<string, string>>? metadata = null)
    {
        using var file = SafetensorsFile.Open(Fixture(fixture));
        var changed = file.Names.ToDictionary(n => n, n => file.Read(n));
        var texts = file.Metadata.ToDictionary();
        tensors?.Invoke(changed);
        metadata?.Invoke(texts);
        var path = PathOf("changed.safetensors");
        SafetensorsFile.Write(path, changed.Select(t => (t.Key, t.Value)), texts);
        return path;
    }
}
