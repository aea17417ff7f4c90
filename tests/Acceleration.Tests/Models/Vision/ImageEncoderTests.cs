using Acceleration.Models;
using Acceleration.Tests.Tool;
using static TorchSharp.torch;

namespace Acceleration.Tests.Models;

/// <summary>Image encoders against the reference.</summary>
public sealed class ImageEncoderTests : ModelTest
{
    [Theory]
    [InlineData("clip_vision")]
    [InlineData("clip_vision_projection")]
    public void OutputsAreTheReferences(string fixture) => Golden.Holds($"models/{fixture}", "output", "output, strict");

    [Theory]
    [InlineData("clip_vision", "", "pooler_output")]
    [InlineData("clip_vision_projection", "2", "image_embeds")]
    public void InDoublePrecisionTheyAreExact(string fixture, string number, string pooled)
    {
        using var file = SafetensorsFile.Open(Fixture(fixture));
        using var encoder = ImageEncoder.Load(Fixture(fixture), new() { DType = ScalarType.Float64 });
        var pictures = file.Read($"input{number}.pixel_values");
        Assert.InRange(Difference(encoder.States(pictures), file.Read($"output64{number}.last_hidden_state")), 0, 1e-10);
        Assert.InRange(Difference(encoder.States(pictures, skip: 1), file.Read($"output64{number}.hidden_states_m2")), 0, 1e-10);
        Assert.InRange(Difference(encoder.Pooled(pictures), file.Read($"output64{number}.{pooled}")), 0, 1e-10);
    }

    [Fact]
    public void InHalfPrecisionTheyAreClose()
    {
        using var file = SafetensorsFile.Open(Fixture("clip_vision"));
        using var encoder = ImageEncoder.Load(Fixture("clip_vision"), new() { DType = ScalarType.BFloat16 });
        Assert.InRange(RelativeDifference(encoder.States(file.Read("input.pixel_values")), file.Read("output.last_hidden_state")), 1e-6, 0.05);
    }

    [Fact]
    public void WhatDoesNotFitIsRefused()
    {
        using var encoder = ImageEncoder.Load(Fixture("clip_vision"));
        Assert.Equal((12, 10, 18, 18, 3), (encoder.Info.Side, encoder.Info.Tokens, encoder.Info.Width, encoder.Info.PooledWidth, encoder.Info.Layers));
        Assert.Contains("takes pictures [rows, 3, 12, 12]", Assert.Throws<ArgumentException>(() => encoder.States(zeros(1, 3, 12, 8))).Message, StringComparison.Ordinal);
        Assert.Contains("0 to 3 can be skipped", Assert.Throws<ArgumentOutOfRangeException>(() => encoder.States(zeros(1, 3, 12, 12), 4)).Message, StringComparison.Ordinal);
        Assert.Contains("this is a CLIPTextModel; image encoders known are CLIPVisionModel", Assert.Throws<CheckpointException>(() => ImageEncoder.Load(Golden.PathOf("text/clip_text_sd15"))).Message, StringComparison.Ordinal);
        Assert.Contains("image_size 13 is no multiple of patch_size 4", Changed(text => text["config"] = text["config"].Replace("\"image_size\": 12", "\"image_size\": 13", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("position_embedding", Changed(tensors: all => all.Remove("weights.vision_model.embeddings.position_embedding.weight")), StringComparison.Ordinal);
        Assert.Contains("vision_model.more", Changed(tensors: all => all["weights.vision_model.more"] = zeros(2)), StringComparison.Ordinal);

        string Changed(Action<Dictionary<string, string>>? metadata = null, Action<Dictionary<string, Tensor>>? tensors = null)
        {
            Golden.Copy("models/clip_vision", PathOf("changed.safetensors"), tensors, metadata);
            return Assert.Throws<CheckpointException>(() => ImageEncoder.Load(PathOf("changed.safetensors"))).Message;
        }
    }
}
