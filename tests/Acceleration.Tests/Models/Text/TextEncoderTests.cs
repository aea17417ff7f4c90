using Acceleration.Models;
using Acceleration.Tests.Tool;
using static TorchSharp.torch;

namespace Acceleration.Tests.Models;

/// <summary>Text encoders against the reference implementations.</summary>
public sealed class TextEncoderTests : ModelTest
{
    [Theory]
    [InlineData("clip_text_sd15")]
    [InlineData("clip_text_eos")]
    [InlineData("clip_text_projection_sdxl")]
    [InlineData("t5_encoder")]
    [InlineData("umt5_encoder")]
    public void OutputsAreTheReferences(string fixture) => Golden.Holds($"text/{fixture}", "output", "output, strict");

    [Fact]
    public void BucketsAreTheReferences() => Golden.Holds("text/t5_relative_buckets", "buckets");

    [Theory]
    [InlineData("clip_text_sd15", "", "last_hidden_state")]
    [InlineData("clip_text_sd15", "4", "last_hidden_state")]
    [InlineData("clip_text_eos", "2", "last_hidden_state")]
    [InlineData("clip_text_projection_sdxl", "3", "text_embeds")]
    [InlineData("t5_encoder", "", "last_hidden_state")]
    [InlineData("t5_encoder", "3", "last_hidden_state")]
    [InlineData("umt5_encoder", "", "last_hidden_state")]
    [InlineData("umt5_encoder", "3", "last_hidden_state")]
    public void InDoublePrecisionTheyAreExact(string fixture, string number, string output)
    {
        using var file = SafetensorsFile.Open(PathTo(fixture));
        using var encoder = TextEncoder.Load(PathTo(fixture), new() { DType = ScalarType.Float64 });
        using var made = Encode(encoder, file, number);
        Assert.InRange(Difference(output == "text_embeds" ? made.Pooled! : made.States, file.Read($"output64{number}.{output}")), 0, 1e-10);
    }

    [Theory]
    [InlineData("clip_text_sd15")]
    [InlineData("clip_text_projection_sdxl")]
    [InlineData("t5_encoder")]
    [InlineData("umt5_encoder")]
    public void InHalfPrecisionTheyAreClose(string fixture)
    {
        using var file = SafetensorsFile.Open(PathTo(fixture));
        using var encoder = TextEncoder.Load(PathTo(fixture), new() { DType = ScalarType.BFloat16 });
        using var made = Encode(encoder, file, "");
        Assert.Equal(ScalarType.Float32, made.States.dtype);
        Assert.InRange(RelativeDifference(made.States, file.Read("output.last_hidden_state")), 1e-6, 0.05);
    }

    [Fact]
    public void RowsAreEncodedEachForItself()
    {
        using var encoder = TextEncoder.Load(PathTo("t5_encoder"));
        PromptTokens both = new([[5, 9, 1, 0], [7, 8, 3, 1]], [[true, true, true, false], [true, true, true, true]]);
        using var together = encoder.Encode(both, masked: true);
        using var first = encoder.Encode(new([both.Ids[0]], [both.Mask[0]]), masked: true);
        Assert.InRange(Difference(together.States.narrow(0, 0, 1), first.States), 0, 1e-5);

        // What is hidden has no influence.
        using var other = encoder.Encode(new([[5, 9, 1, 60]], [both.Mask[0]]), masked: true);
        Assert.InRange(Difference(other.States.narrow(1, 0, 3), first.States.narrow(1, 0, 3)), 0, 1e-6);
        using var seen = encoder.Encode(new([[5, 9, 1, 60]], [both.Mask[0]]));
        Assert.True(Difference(seen.States.narrow(1, 0, 3), first.States.narrow(1, 0, 3)) > 1e-3);
    }

    [Fact]
    public void LayersAreSkippedAsPipelinesSay()
    {
        Assert.Equal(new TextLayer(1, true), TextLayer.ClipSkip(1));
        Assert.Equal(new TextLayer(1, false), TextLayer.Penultimate());
        Assert.Equal(new TextLayer(2, false), TextLayer.Penultimate(1));
        using var file = SafetensorsFile.Open(PathTo("clip_text_sd15"));
        using var encoder = TextEncoder.Load(PathTo("clip_text_sd15"));
        using var skipped = encoder.Encode(Prompts(file, ""), TextLayer.ClipSkip(1));
        Assert.InRange(Difference(skipped.States, file.Read("output.hidden_states_m2_ln")), 0, 5.6e-5);
        Assert.InRange(Difference(skipped.Pooled!, file.Read("output.pooler_output")), 0, 5.6e-5);
        using var all = encoder.Encode(Prompts(file, ""), new TextLayer(3, false));
        using var probe = file.Read("probe.text_model.embeddings");
        Assert.InRange(Difference(all.States, probe), 0, 1e-6);
    }

    [Fact]
    public void OldFilesHoldAPositionBuffer()
    {
        Golden.Copy("text/clip_text_sd15", PathOf("old.safetensors"), t => t["weights.text_model.embeddings.position_ids"] = arange(77, ScalarType.Int64).unsqueeze(0));
        using var encoder = TextEncoder.Load(PathOf("old.safetensors"));
        Assert.Equal(24, encoder.Info.Width);
    }

    [Theory]
    [InlineData("shared.weight")]
    [InlineData("encoder.embed_tokens.weight")]
    public void EitherNameOfTheEmbeddingsServes(string left)
    {
        Golden.Copy("text/t5_encoder", PathOf("one.safetensors"), t => t.Remove($"weights.{(left == "shared.weight" ? "encoder.embed_tokens.weight" : "shared.weight")}"));
        using var file = SafetensorsFile.Open(PathOf("one.safetensors"));
        using var encoder = TextEncoder.Load(PathOf("one.safetensors"));
        using var made = Encode(encoder, file, "");
        Assert.InRange(Difference(made.States, file.Read("output.last_hidden_state")), 0, 3.9e-5);
    }

    [Fact]
    public void AComponentFolderIsLoaded()
    {
        var folder = Directory.CreateDirectory(PathOf("text_encoder")).FullName;
        using var file = SafetensorsFile.Open(PathTo("umt5_encoder"));
        SafetensorsFile.Write(
            Path.Combine(folder, "model.safetensors"),
            file.Names.Where(n => n.StartsWith("weights.", StringComparison.Ordinal)).Select(n => (n["weights.".Length..], file.Read(n, ScalarType.BFloat16))),
            new Dictionary<string, string> { ["format"] = "pt" });
        File.WriteAllText(Path.Combine(folder, "config.json"), file.Metadata["config"].Replace("{", "{\"architectures\": [\"UMT5EncoderModel\"], \"_name_or_path\": \"x\", ", StringComparison.Ordinal));
        using var encoder = TextEncoder.Load(folder);
        Assert.Equal(("UMT5EncoderModel", "model", 24, 3, 64), (encoder.Info.ClassName, encoder.Info.Name, encoder.Info.Width, encoder.Info.Layers, encoder.Info.Vocabulary));
        using var made = Encode(encoder, file, "");
        Assert.InRange(RelativeDifference(made.States, file.Read("output.last_hidden_state")), 0, 0.05);

        // Without the name the tensors tell.
        File.WriteAllText(Path.Combine(folder, "config.json"), file.Metadata["config"]);
        using var recognised = TextEncoder.Load(folder);
        Assert.Equal("UMT5EncoderModel", recognised.Info.ClassName);
    }

    [Fact]
    public void WrongInputIsRefusedBeforeItIsComputed()
    {
        using var clip = TextEncoder.Load(PathTo("clip_text_sd15"));
        using var t5 = TextEncoder.Load(PathTo("t5_encoder"));
        Assert.Contains("Token id 90 is beyond the 90", Assert.Throws<ArgumentException>(() => clip.Encode(new([[1, 90]]))).Message, StringComparison.Ordinal);
        Assert.Contains("positions for 77 tokens; the prompts have 78", Assert.Throws<ArgumentException>(() => clip.Encode(new([[.. Enumerable.Repeat(1, 78)]]))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => clip.Encode(new([[1]]), new TextLayer(4, false)));
        Assert.Contains("one layer to read", Assert.Throws<ArgumentException>(() => t5.Encode(new([[1]]), TextLayer.Penultimate())).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new PromptTokens([]));
        Assert.Throws<ArgumentException>(() => new PromptTokens([[1], [1, 2]]));
        Assert.Throws<ArgumentException>(() => new PromptTokens([[-1]]));
        Assert.Throws<ArgumentException>(() => new PromptTokens([[1]], [[true, false]]));
    }

    [Theory]
    [InlineData("\"hidden_act\": \"quick_gelu\"", "\"hidden_act\": \"cube\"", "hidden_act = cube")]
    [InlineData("\"hidden_size\": 24", "\"hidden_size\": 16383", "the file holds")]
    [InlineData("\"num_hidden_layers\": 3", "\"num_hidden_layers\": 1000", "the file holds")]
    [InlineData("\"num_attention_heads\": 3", "\"num_attention_heads\": 5", "no multiple")]
    [InlineData("\"vocab_size\": 90", "\"vocab_size\": 91", "of another shape")]
    [InlineData("\"vocab_size\": 90", "\"vocab_size\": 90, \"surprise\": 1", "surprise")]
    [InlineData("\"vocab_size\": 90", "\"vocab_size\": 16777216", "the file holds")]
    public void AConfigurationThatDoesNotFitIsRefused(string part, string replacement, string expected)
    {
        Golden.Copy("text/clip_text_sd15", PathOf("changed.safetensors"), metadata: m =>
        {
            Assert.Contains(part, m["config"], StringComparison.Ordinal);
            m["config"] = m["config"].Replace(part, replacement, StringComparison.Ordinal);
        });
        Assert.Contains(expected, Assert.Throws<CheckpointException>(() => TextEncoder.Load(PathOf("changed.safetensors"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OtherNetworksAreNamed()
    {
        Golden.Copy("text/t5_encoder", PathOf("other.safetensors"), metadata: m => m["model_class"] = "T5ForConditionalGeneration");
        Assert.Contains("this is a T5ForConditionalGeneration; text encoders known are CLIPTextModel", Assert.Throws<CheckpointException>(() => TextEncoder.Load(PathOf("other.safetensors"))).Message, StringComparison.Ordinal);
        Assert.Contains("this is a DiT; text encoders known are", Assert.Throws<CheckpointException>(() => TextEncoder.Load(SampleNetwork)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-7, 7)]
    [InlineData(7, 23)]
    [InlineData(1000, 31)]
    [InlineData(-1000, 15)]
    public void BucketsGrowWithTheDistance(long relative, int bucket) => Assert.Equal(bucket, RelativeBuckets.Of(relative, true, 32, 128));

    private static string PathTo(string fixture) => Golden.PathOf($"text/{fixture}");

    private static PromptTokens Prompts(SafetensorsFile file, string number)
    {
        static T[][] Rows<T>(Tensor t, Func<long, T> entry) => [.. t.data<long>().ToArray().Chunk((int)t.size(1)).Select(r => r.Select(entry).ToArray())];
        var mask = file.Names.Contains($"input{number}.attention_mask") ? Rows(file.Read($"input{number}.attention_mask"), m => m != 0) : null;
        return new(Rows(file.Read($"input{number}.input_ids"), i => (int)i), mask);
    }

    private static TextEncoding Encode(TextEncoder encoder, SafetensorsFile file, string number) =>
        encoder.Encode(Prompts(file, number), masked: file.Names.Contains($"input{number}.attention_mask"));
}
