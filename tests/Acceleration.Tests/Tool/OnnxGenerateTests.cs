using Acceleration.Onnx;
using Acceleration.Tests.Onnx;
using Acceleration.Tool;
using SkiaSharp;
using static TorchSharp.torch;

namespace Acceleration.Tests.Tool;

/// <summary><c>acceleration generate</c> on ONNX models, whole and split: the pictures of the checkpoint, by the same options.</summary>
[Collection(OnnxSplits.Name)]
public sealed class OnnxGenerateTests(OnnxSplits splits) : ToolTest
{
    private const string Name = "fashion-dit";
    private const int Steps = 5;

    /// <summary>Blocks are cached on the parts alone, as on the checkpoint. Grey values are rounded to 1/255 in files, latents are not.</summary>
    [Theory]
    [InlineData("whole", "IF3")]
    [InlineData("file", null)]
    [InlineData("split", "C:chain:every2:res")]
    [InlineData("manifest", "AG0.9+DD2x6b3")]
    public void ItsPicturesAreTheCheckpoints(string form, string? plan)
    {
        var model = form switch { "whole" => Fixture(Name), "file" => Fixture(Name, "model.onnx"), "split" => splits.Of(Name), _ => Path.Combine(splits.Of(Name), OnnxSplitter.ManifestName) };
        string[] asked = ["--labels", "3", "--seed", "5", "--steps", $"{Steps}", "--json", .. plan is null ? [] : new[] { "--plan", plan }];
        var (ours, theirs) = (Drawn(model, "onnx"), Drawn(Fixture(Name, $"{Name}.safetensors"), "torch"));
        foreach (var property in new[] { "sampler", "steps", "dType", "evaluations", "fullEvaluations", "pictures" })
        {
            Assert.Equal(theirs.GetProperty(property).ToString(), ours.GetProperty(property).ToString());
        }

        Assert.Equal(theirs.GetProperty("fullMultiplyAdds").GetDouble(), ours.GetProperty("fullMultiplyAdds").GetDouble(), theirs.GetProperty("fullMultiplyAdds").GetDouble() * 0.02);
        foreach (var picture in ours.GetProperty("pictures").EnumerateArray().Select(p => p.GetProperty("file").GetString()!))
        {
            Assert.All(Pixels($"onnx/{picture}").Zip(Pixels($"torch/{picture}")), p => Assert.InRange(p.First - p.Second, -1, 1));
        }

        Assert.InRange(Difference(model, plan), 0, 1e-3);

        System.Text.Json.JsonElement Drawn(string path, string folder)
        {
            var (code, output, error) = Run(["generate", path, .. asked, "-o", PathOf(folder)]);
            Assert.Equal((0, ""), (code, error));
            return Json(output);
        }
    }

    /// <summary>A checkpoint in the folder holds the graph's weights, and is no other model.</summary>
    [Fact]
    public void AFolderWithACheckpointRunsItsGraph()
    {
        Assert.Equal(0, Run("generate", Fixture(Name), "--labels", "1", "--steps", "2", "-o", PathOf("out"), "--provider", "CPU").Code);
        Refused("the provider NoSuch is not part of the ONNX Runtime", "generate", Fixture(Name), "--provider", "NoSuch");
        Refused("the provider NoSuch is not part of the ONNX Runtime", "generate", splits.Of(Name), "--provider", "NoSuch");
    }

    [Fact]
    public void WhatIsDoneIsNotDoneAgainAndBytesAreTheSame()
    {
        string[] command = ["generate", splits.Dit, "--labels", "0,1", "--steps", "3", "--preset", "fast", "--previews", "1"];
        Assert.Equal(0, Run([.. command, "-o", PathOf("a")]).Code);
        Assert.Equal(0, Run([.. command, "-o", PathOf("b"), "--resume"]).Code);
        var written = File.GetLastWriteTimeUtc(PathOf("b/000-label0-seed0.png"));
        Assert.StartsWith("2 pictures in ", Run([.. command, "-o", PathOf("b"), "--resume"]).Out, StringComparison.Ordinal);
        Assert.Equal(written, File.GetLastWriteTimeUtc(PathOf("b/000-label0-seed0.png")));
        string[] files = ["000-label0-seed0.png", "001-label1-seed1.safetensors", "previews/000-step002.png"];
        Assert.All(files, f => Assert.Equal(File.ReadAllBytes(PathOf($"a/{f}")), File.ReadAllBytes(PathOf($"b/{f}"))));
    }

    /// <summary>What the model's files leave open is said by options.</summary>
    [Fact]
    public void AFileAloneIsToldWhatItPredicts()
    {
        OnnxModel.Changed(OnnxModel.Dit, PathOf("model"), _ => { });
        File.Delete(PathOf("model/scheduler_config.json"));
        Refused("it, or lay its scheduler_config.json beside it: OnnxOptions.Prediction. Here that is --prediction.", "generate", PathOf("model"));
        Refused("OnnxOptions.Noise", "generate", PathOf("model"), "--prediction", "epsilon");
        var (code, output, error) = Run("generate", PathOf("model/model.onnx"), "--prediction", "flow", "--labels", "2", "--steps", "2", "-o", PathOf("out"));
        Assert.Equal((0, ""), (code, error));
        Assert.Contains(": flow-euler2+CFG2, ", output, StringComparison.Ordinal);
        File.WriteAllText(PathOf("model/config.json"), "{}");
        Refused("how many classes model has is not said: lay a config.json with its \"num_classes\"", "generate", PathOf("model"), "--prediction", "flow");
    }

    private double Difference(string model, string? plan)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var choice = new SamplerChoice(Steps, null, false);
        return (Latents(model, new()) - Latents(Fixture(Name, $"{Name}.safetensors"), null)).abs().max().item<float>();

        Tensor Latents(string path, OnnxOptions? onnx)
        {
            using var network = TypeOption.Load(path, onnx is null ? "float32" : "auto", onnx).Network;
            using var condition = Conditioning.Labels(3);
            using var result = choice.Build(network, plan is null ? null : choice.Plan(plan)).Generate(new SamplingRequest { Condition = condition, Seed = 5 }, cancellation: TestContext.Current.CancellationToken);
            return result.Latents.alias();
        }
    }

    private byte[] Pixels(string file)
    {
        using var picture = SKBitmap.Decode(PathOf(file));
        using var grey = picture.Copy(SKColorType.Gray8);
        return grey.Bytes;
    }

    private static string Fixture(string kind, string file = "") => Path.Combine(AppContext.BaseDirectory, "Fixtures", "onnx", kind, file);
}
