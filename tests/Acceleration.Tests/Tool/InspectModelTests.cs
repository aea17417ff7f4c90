using Acceleration.Models;
using Acceleration.Tests.Models;
using Acceleration.Tool;

namespace Acceleration.Tests.Tool;

/// <summary><c>acceleration inspect</c> on whole models.</summary>
public sealed class InspectModelTests : ToolTest
{
    public static TheoryData<string> Families => [.. TinyModel.Families];

    [Fact]
    public void AModelIsShownWithItsComponents()
    {
        var (code, output, error) = Run("inspect", TinyModel.Write(PathOf("."), "sd15"));
        Assert.True(code == 0, error);
        foreach (var line in new[] { "model: tiny-sd15, StableDiffusionPipeline", "scheduler: ", "network: UNet, latents 4×", "usual: 32×32, 50 steps, guidance 7.5; sides are multiples of 4", "made of: prompts", "CLIPTextModel", "AutoencoderKL" })
        {
            Assert.Contains(line, output, StringComparison.Ordinal);
        }

        var json = Json(Run("inspect", TinyModel.Write(PathOf("."), "sd15"), "--json").Out);
        var components = json.GetProperty("components").EnumerateArray().ToDictionary(c => c.GetProperty("name").GetString()!);
        Assert.Equal(["scheduler", "text_encoder", "tokenizer", "unet", "vae"], components.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(System.Text.Json.JsonValueKind.Null, components["tokenizer"].GetProperty("parameters").ValueKind);
        using var unet = SafetensorsFile.Open(PathOf("tiny-sd15/unet/diffusion_pytorch_model.safetensors"));
        Assert.Equal(unet.Tensors.Values.Sum(t => t.Shape.Aggregate(1L, (a, b) => a * b)), components["unet"].GetProperty("parameters").GetInt64());
        Assert.Equal(["float32"], components["unet"].GetProperty("types").EnumerateArray().Select(t => t.GetString()));
    }

    /// <summary>What is found without reading weights is what the loaded network says.</summary>
    [Theory]
    [MemberData(nameof(Families))]
    public void SitesAndConditionsAreTheLoadedNetworks(string family)
    {
        var model = TinyModel.Write(PathOf("."), family);
        var json = Json(Run("inspect", model, "--json").Out);
        Assert.Equal(System.Text.Json.JsonValueKind.Null, json.GetProperty("problem").ValueKind);
        using var pipeline = Pipeline.Load(model);
        var sites = json.GetProperty("sites").EnumerateArray().ToDictionary(s => s.GetProperty("path").GetString()!, s => s.GetProperty("multiplyAdds").GetDouble());
        var all = SiteLine.Of(pipeline.Network.Info);
        Assert.Equal(all.Count, sites.Count);
        Assert.All(all, s => Assert.Equal(s.MultiplyAdds, sites[s.Path]));
        Assert.Equal(pipeline.Network.Info.Conditions.Select(c => c.ToString()), json.GetProperty("conditions").EnumerateArray().Select(c => c.GetString()));
        Assert.Equal(pipeline.SizeOf(new()).ToString(), json.GetProperty("usualSize").GetString());
        Assert.Equal(pipeline.Form.UsualSteps, json.GetProperty("usualSteps").GetInt32());
        Assert.Equal(pipeline.GuidanceOf(new()), json.GetProperty("usualGuidance").GetDouble());
        var strategies = json.GetProperty("strategies").EnumerateArray().ToArray();
        Assert.Contains(strategies, s => s.GetProperty("strategy").GetString() == "EasyCache" && s.GetProperty("applies").GetBoolean());
        Assert.Equal(family == "latte", strategies.Any(s => s.GetProperty("applies").GetBoolean() && s.GetProperty("tag").GetString()!.StartsWith("C:temporal:", StringComparison.Ordinal)));
        Assert.Equal(pipeline.Network.Info.HasUnconditional, strategies.Any(s => s.GetProperty("strategy").GetString() == "AdaptiveGuidance" && s.GetProperty("applies").GetBoolean()));
    }

    [Fact]
    public void WhatDoesNotLoadIsListedWithTheReason()
    {
        var model = TinyModel.Write(PathOf("."), "sd15");
        File.Move(PathOf("tiny-sd15/vae/diffusion_pytorch_model.safetensors"), PathOf("tiny-sd15/vae/diffusion_pytorch_model.bin"));
        var (code, output, _) = Run("inspect", model);
        Assert.Equal(0, code);
        Assert.Contains("does not load: ", output, StringComparison.Ordinal);
        Assert.Contains("its weights are pickle files", output, StringComparison.Ordinal);
        var json = Json(Run("inspect", model, "--json").Out);
        Assert.Contains("pickle files", json.GetProperty("components").EnumerateArray().Single(c => c.GetProperty("name").GetString() == "vae").GetProperty("problem").GetString(), StringComparison.Ordinal);

        File.WriteAllText(PathOf("tiny-sd15/model_index.json"), File.ReadAllText(PathOf("tiny-sd15/model_index.json")).Replace("StableDiffusionPipeline", "KandinskyPipeline", StringComparison.Ordinal));
        Assert.Contains("does not load: ", Run("inspect", model).Out, StringComparison.Ordinal);
        Assert.Contains("it is a KandinskyPipeline; pipelines known are", Run("inspect", model).Out, StringComparison.Ordinal);
    }

    [Fact]
    public void OptionsOfWholeModelsAreRefusedElsewhere()
    {
        Refused("--variant is for whole models", "inspect", Tiny, "--variant", "fp16");
        Refused("--predicts is for whole models", "inspect", Tiny, "--predicts", "velocity");
        Refused("--predicts takes epsilon or velocity", "inspect", TinyModel.Write(PathOf("."), "ddpm"), "--predicts", "x");
    }
}
