using System.Text.Json;
using Acceleration.Models;
using static TorchSharp.torch;

namespace Acceleration.Tests.Models;

/// <summary>What is done to pictures before an image encoder sees them, against Pillow.</summary>
public sealed class ImagePreparationTests : ModelTest
{
    private static string Recorded { get; } = Path.Combine(AppContext.BaseDirectory, "Fixtures", "images", "preparation.safetensors");

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void PicturesAreResampledCutAndNormalisedAsRecorded(int number)
    {
        using var file = SafetensorsFile.Open(Recorded);
        File.WriteAllText(PathOf("preprocessor_config.json"), JsonDocument.Parse(file.Metadata["cases"]).RootElement[number].GetRawText());
        var made = ImagePreparation.Load(PathOf(".")).Apply(file.Read($"input.{number}"));
        Assert.InRange(Difference(made, file.Read($"output.{number}")), 0, 1e-6);
    }

    [Fact]
    public void WhatAConfigurationLeavesOutIsAsInClip()
    {
        File.WriteAllText(PathOf("preprocessor_config.json"), "{}");
        Assert.Equivalent(new ImagePreparation(), ImagePreparation.Load(PathOf("preprocessor_config.json")));
        File.WriteAllText(PathOf("preprocessor_config.json"), "{\"size\": 32, \"crop_size\": 30, \"do_center_crop\": true}");
        Assert.Equivalent(new ImagePreparation { Shorter = 32, Crop = new(30, 30) }, ImagePreparation.Load(PathOf(".")));
        Assert.Equal([2L, 3, 30, 30], ImagePreparation.Load(PathOf(".")).Apply(zeros(2, 3, 50, 40)).shape);
        File.WriteAllText(PathOf("preprocessor_config.json"), "{\"do_resize\": false, \"crop_size\": {\"height\": 4, \"width\": 6}}");
        Assert.Equal([1L, 3, 4, 6], ImagePreparation.Load(PathOf(".")).Apply(zeros(1, 3, 8, 8)).shape);
        Assert.Contains("Of pictures of 5×8, 6×4 cannot be cut", Assert.Throws<ArgumentException>(() => ImagePreparation.Load(PathOf(".")).Apply(zeros(1, 3, 8, 5))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]", "no JSON object")]
    [InlineData("{", "is not JSON")]
    [InlineData("{\"resample\": 1}", "'resample' is not 2")]
    [InlineData("{\"size\": {\"longest_edge\": 3}}", "'size' is not a size in pixels")]
    [InlineData("{\"size\": 16}", "'crop_size' is not at most as large")]
    [InlineData("{\"do_normalize\": false}", "'do_normalize' is not true")]
    [InlineData("{\"image_std\": [1, 1, 0]}", "'image_std' is not three numbers")]
    [InlineData("{\"image_mean\": [1, 1]}", "'image_mean' is not three numbers")]
    public void ConfigurationsThatAreNotUnderstoodAreRefused(string json, string expected)
    {
        File.WriteAllText(PathOf("preprocessor_config.json"), json);
        Assert.Contains(expected, Assert.Throws<CheckpointException>(() => ImagePreparation.Load(PathOf("."))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AMissingConfigurationIsNamed() => Assert.Contains("nowhere", Assert.Throws<CheckpointException>(() => ImagePreparation.Load(PathOf("nowhere"))).Message, StringComparison.Ordinal);
}
