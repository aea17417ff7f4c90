using Acceleration.Models;

namespace Acceleration.Tests.Models;

/// <summary>Model folders that are incomplete, ambiguous or of something else.</summary>
public sealed class PipelineFilesTests : ModelTest
{
    [Fact]
    public void AFolderWithoutAnIndexIsNoModel()
    {
        Directory.CreateDirectory(PathOf("empty"));
        Assert.False(Pipeline.IsModel(PathOf("empty")));
        Assert.Contains("has no model_index.json", Refused(PathOf("empty")), StringComparison.Ordinal);
        Assert.Contains("does not exist", Refused(PathOf("nowhere.safetensors")), StringComparison.Ordinal);
        Assert.Contains("no whole model", Refused(SampleNetwork), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{", "not a JSON object")]
    [InlineData("[]", "not a JSON object")]
    [InlineData("{}", "names no pipeline")]
    [InlineData("{\"_class_name\": \"KandinskyPipeline\"}", "it is a KandinskyPipeline; pipelines known are DDPMPipeline")]
    public void AnIndexThatIsNoneIsRefused(string json, string expected)
    {
        Directory.CreateDirectory(PathOf("model"));
        File.WriteAllText(PathOf("model/model_index.json"), json);
        Assert.Contains(expected, Refused(PathOf("model")), StringComparison.Ordinal);
    }

    [Fact]
    public void MissingComponentsAreNamed()
    {
        var folder = TinyModel.Write(PathOf("."), "sd15");
        Move("unet", "elsewhere");
        Assert.Contains("unet", Refused(folder), StringComparison.Ordinal);
        Move("elsewhere", "unet");
        Move("scheduler/scheduler_config.json", "scheduler/other.json");
        Assert.Contains("scheduler", Refused(folder), StringComparison.Ordinal);
        Move("scheduler/other.json", "scheduler/scheduler_config.json");
        Move("tokenizer/vocab.json", "tokenizer/other.json");
        Assert.Contains("tokenizer", Refused(folder), StringComparison.Ordinal);
        Move("tokenizer/other.json", "tokenizer/vocab.json");
        Pipeline.Load(folder).Dispose();

        void Move(string from, string to) => Directory.Move(Path.Combine(folder, from), Path.Combine(folder, to));
    }

    [Fact]
    public void PickleFilesAreRefusedWithTheWayToConvertThem()
    {
        var folder = TinyModel.Write(PathOf("."), "sd15");
        File.Move(Path.Combine(folder, "unet", "diffusion_pytorch_model.safetensors"), Path.Combine(folder, "unet", "diffusion_pytorch_model.bin"));
        Assert.Contains("pickle files (diffusion_pytorch_model.bin), which may run any program", Refused(folder), StringComparison.Ordinal);
    }

    [Fact]
    public void VariantsAreChosenByName()
    {
        var folder = TinyModel.Write(PathOf("."), "ddpm");
        var weights = Path.Combine(folder, "unet", "diffusion_pytorch_model");
        File.Copy(weights + ".safetensors", weights + ".fp16.safetensors");
        Pipeline.Load(folder).Dispose();
        Pipeline.Load(folder, new() { Variant = "fp16" }).Dispose();
        Assert.Contains("no weights of the variant 'int8'", Refused(folder, new() { Variant = "int8" }), StringComparison.Ordinal);
        File.Move(weights + ".safetensors", weights + ".bf16.safetensors");
        Assert.Contains("several weights", Refused(folder), StringComparison.Ordinal);
        File.Delete(weights + ".bf16.safetensors");
        Pipeline.Load(folder).Dispose();
    }

    [Fact]
    public void AFailureOnTheWayLeavesNothingBehind()
    {
        var folder = TinyModel.Write(PathOf("."), "sdxl");
        File.Delete(Path.Combine(folder, "text_encoder_2", "model.safetensors"));
        Assert.Contains("text_encoder_2", Refused(folder), StringComparison.Ordinal);
    }

    [Fact]
    public void WithoutTextEncodersPromptsComeEncoded()
    {
        var folder = TinyModel.Write(PathOf("."), "sd15");
        using var pipeline = Pipeline.Load(folder, new() { LoadsText = false });
        Assert.Null(pipeline.Text);
        Assert.Contains("give encoded prompts", Assert.Throws<InvalidOperationException>(() => pipeline.Encode("a coat")).Message, StringComparison.Ordinal);
    }

    private static string Refused(string path, PipelineOptions? options = null) => Assert.Throws<CheckpointException>(() => Pipeline.Load(path, options)).Message;
}
