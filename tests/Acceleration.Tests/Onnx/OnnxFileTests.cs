using Acceleration.Onnx;
using Acceleration.Onnx.Schema;
using Google.Protobuf;

namespace Acceleration.Tests.Onnx;

/// <summary>Files that belong to a model and cannot be followed.</summary>
[Collection(OnnxSplits.Name)]
public sealed class OnnxFileTests(OnnxSplits splits) : OnnxTest
{
    [Theory]
    [InlineData("scheduler_config.json", "{\"_class_name\": \"DDIMScheduler\", \"beta_start\": \"much\"}", "'beta_start'")]
    [InlineData("scheduler_config.json", "{\"_class_name\": \"WonderScheduler\"}", "WonderScheduler")]
    [InlineData("scheduler_config.json", "{", "JSON")]
    [InlineData("config.json", "{", "it is not JSON")]
    [InlineData("config.json", "{\"num_classes\": \"ten\"}", "'num_classes' is \"ten\"; a whole number from 1 on is expected")]
    [InlineData("config.json", "{\"patch_size\": 1.5}", "'patch_size' is 1.5")]
    [InlineData("config.json", "{\"patch_size\": 1000000000000}", "'patch_size' is 1000000000000")]
    [InlineData("config.json", "{\"patch_size\": 5}", "a patch of 5, which the sides of its latents [4, 16, 16] are no multiple of")]
    [InlineData("config.json", "{\"_class_name\": \"\\ud800\"}", null)]
    [InlineData("config.json", "{\"\\ud800\": 1}", null)]
    public void WhatLiesBesideAModelIsRefusedByName(string name, string text, string? reason)
    {
        OnnxModel.Copy(OnnxModel.Dit, At("model"));
        OnnxSplits.Copy(splits.Dit, At("split"));
        foreach (var folder in new[] { At("model"), At("split") })
        {
            File.WriteAllText(Path.Combine(folder, name), text);
            var error = Record.Exception(() => OnnxDenoiser.Load(folder).Dispose());
            if (reason is null)
            {
                Assert.Null(error);
                continue;
            }

            var refused = Assert.IsType<OnnxException>(error);
            Assert.Equal(Path.Combine(folder, name), refused.File);
            Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
            Assert.Equal(1, refused.Message.Split(folder).Length - 1);
        }
    }

    [Fact]
    public void AFileOfWeightsThatIsTooShortIsNamed()
    {
        OnnxSplits.Copy(splits.Dit, At("split"));
        using (var weights = File.OpenWrite(Path.Combine(At("split"), "weights.bin")))
        {
            weights.SetLength(weights.Length / 2);
        }

        Assert.Contains("missing, too short or outside", Assert.Throws<OnnxException>(() => OnnxDenoiser.Load(At("split"))).Message, StringComparison.Ordinal);

        OnnxModel.Changed(OnnxModel.Dit, At("model"), m =>
        {
            var weight = m.Graph.Initializer.MaxBy(i => i.RawData.Length)!;
            File.WriteAllBytes(At("model/short.bin"), new byte[weight.RawData.Length - 4]);
            weight.RawData = ByteString.Empty;
            weight.DataLocation = 1;
            weight.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = "short.bin" });
        });
        Assert.Contains("missing, too short or outside", Assert.Throws<OnnxException>(() => OnnxDenoiser.Load(At("model"))).Message, StringComparison.Ordinal);
        Assert.IsType<OnnxException>(Record.Exception(() => OnnxSplitter.Split(At("model"), At("parts"))));
        Assert.False(Directory.Exists(At("parts")));
    }
}
