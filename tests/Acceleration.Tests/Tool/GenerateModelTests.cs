using System.Text.Json;
using Acceleration.Tests.Models;
using SkiaSharp;

namespace Acceleration.Tests.Tool;

/// <summary><c>acceleration generate</c> on whole models, as a new user would try it.</summary>
public sealed class GenerateModelTests : ToolTest
{
    [Fact]
    public void APromptBecomesPictures()
    {
        var model = TinyModel.Write(PathOf("."), "sd15");
        var (code, output, error) = Run("generate", model, "--prompt", "a red coat", "--prompt", "two shoes", "--size", "32x48", "--steps", "2", "--seed", "5", "-o", PathOf("out"), "--json");
        Assert.True(code == 0, error);
        var report = Json(output);
        Assert.Equal("StableDiffusionPipeline", report.GetProperty("pipeline").GetString());
        Assert.Equal(["000-seed5.png", "001-seed6.png"], report.GetProperty("pictures").EnumerateArray().Select(p => p.GetProperty("file").GetString()));
        using var picture = SKBitmap.Decode(PathOf("out/000-seed5.png"));
        Assert.Equal((32, 48), (picture.Width, picture.Height));
    }

    [Theory]
    [InlineData("sdxl")]
    [InlineData("flux")]
    [InlineData("sd3")]
    [InlineData("pixart")]
    public void EveryTextFamilyIsOneCommandAway(string family)
    {
        var (code, output, error) = Run("generate", TinyModel.Write(PathOf("."), family), "--prompt", "a red coat", "--size", "32x32", "--steps", "2", "--plan", "IF2", "-o", PathOf("out"));
        Assert.True(code == 0, error);
        Assert.Contains("1 of 1 of 32×32", output, StringComparison.Ordinal);
        Assert.True(File.Exists(PathOf("out/000-seed0.png")));
    }

    [Theory]
    [InlineData("latte", 4)]
    [InlineData("wan", 9)]
    [InlineData("cogvideox", 8)]
    public void AFilmIsFramesAndAnAnimation(string family, int frames)
    {
        var (code, _, error) = Run("generate", TinyModel.Write(PathOf("."), family), "--prompt", "a red coat", "--size", $"32x32x{frames}", "--steps", "2", "-o", PathOf("out"));
        Assert.True(code == 0, error);
        Assert.Equal(frames, Directory.GetFiles(PathOf("out/000-seed0"), "frame*.png").Length);
        using var codec = SKCodec.Create(PathOf("out/000-seed0.png"));
        Assert.Equal((32, 32), (codec.Info.Width, codec.Info.Height));
        var bytes = File.ReadAllBytes(PathOf("out/000-seed0.png"));
        Assert.Equal(frames, Count(bytes, "fcTL"u8));
        Assert.Equal(1, Count(bytes, "acTL"u8));
    }

    [Fact]
    public void ModelsWithoutASupportedAutoencoderGiveLatentsAndSaySo()
    {
        var model = TinyModel.Write(PathOf("."), "wan");
        var config = Path.Combine(model, "vae", "config.json");
        File.WriteAllText(config, File.ReadAllText(config).Replace("AutoencoderKLWan", "AutoencoderKLMochi", StringComparison.Ordinal));
        var (code, output, error) = Run("generate", model, "--prompt", "a red coat", "--size", "32x48x9", "--steps", "2", "-o", PathOf("out"));
        Assert.True(code == 0, error);
        Assert.Contains("latents were written instead of pictures", output, StringComparison.Ordinal);
        using var latents = SafetensorsFile.Open(PathOf("out/000-seed0.safetensors"));
        Assert.Equal([4L, 3, 6, 4], latents.Tensors["latents"].Shape);
    }

    [Fact]
    public void EmbeddingsStandForPrompts()
    {
        var model = TinyModel.Write(PathOf("."), "sd15");
        string[] Common(string folder) => ["--size", "32x32", "--steps", "2", "-o", PathOf(folder)];
        Assert.Equal(0, Run(["generate", model, "--prompt", "a red coat", "--save-embeddings", PathOf("text.safetensors"), .. Common("a")]).Code);
        var (code, _, error) = Run(["generate", model, "--embeddings", PathOf("text.safetensors"), .. Common("b")]);
        Assert.True(code == 0, error);
        Assert.Equal(File.ReadAllBytes(PathOf("a/000-seed0.png")), File.ReadAllBytes(PathOf("b/000-seed0.png")));
    }

    [Fact]
    public void ThePictureStartsFromAnother()
    {
        var model = TinyModel.Write(PathOf("."), "sd15");
        Assert.Equal(0, Run("generate", model, "--prompt", "a coat", "--size", "32x32", "--steps", "4", "-o", PathOf("a")).Code);
        var (code, _, error) = Run("generate", model, "--prompt", "a shoe", "--size", "32x32", "--steps", "4", "--image", PathOf("a/000-seed0.png"), "--strength", "0.5", "-o", PathOf("b"));
        Assert.True(code == 0, error);
        Assert.Equal(2, JsonDocument.Parse(File.ReadAllText(PathOf("b/generate.json"))).RootElement.GetProperty("evaluations").GetDouble() / 2);
    }

    [Theory]
    [InlineData("--prompt", "a coat", "--labels", "3", "reads prompts; use --prompt")]
    [InlineData("--size", "50x64", "--prompt", "a coat", "multiples of 4; 50×64 was asked for")]
    [InlineData("--size", "large", "--prompt", "a coat", "--size takes pixels such as 1024x768")]
    [InlineData("--mask", "m.png", "--prompt", "a coat", "--mask says where a picture is made anew")]
    [InlineData("--image", "nowhere.png", "--prompt", "a coat", "--image 'nowhere.png' cannot be read")]
    [InlineData("--lora", "nowhere.safetensors", "--prompt", "a coat", "does not exist")]
    [InlineData("--variant", "int3", "--prompt", "a coat", "no weights of the variant 'int3'")]
    [InlineData("--steps", "2", "--seed", "1", "makes pictures of prompts: add --prompt")]
    public void WhatDoesNotFitIsAnsweredInOneLine(string a, string b, string c, string d, string expected)
    {
        var (code, _, error) = Run("generate", TinyModel.Write(PathOf("."), "sd15"), a, b, c, d, "-o", PathOf("out"));
        Assert.Equal(2, code);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void OptionsOfWholeModelsAreRefusedElsewhere()
    {
        var (code, _, error) = Run("generate", Fashion, "--prompt", "a coat", "-o", PathOf("out"));
        Assert.Equal(2, code);
        Assert.Contains("--prompt is for whole models", error, StringComparison.Ordinal);
    }

    private static int Count(byte[] file, ReadOnlySpan<byte> name)
    {
        var count = 0;
        for (var at = file.AsSpan().IndexOf(name); at >= 0; count++)
        {
            var next = file.AsSpan(at + name.Length).IndexOf(name);
            at = next < 0 ? -1 : at + name.Length + next;
        }

        return count;
    }
}
