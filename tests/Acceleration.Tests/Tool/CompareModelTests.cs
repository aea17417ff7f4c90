using Acceleration.Reporting;
using Acceleration.Tests.Models;

namespace Acceleration.Tests.Tool;

/// <summary><c>acceleration compare</c> on whole models.</summary>
public sealed class CompareModelTests : ToolTest
{
    [Fact]
    public void PlansAreComparedOnAPrompt()
    {
        var model = TinyModel.Write(PathOf("."), "sd15");
        var (code, output, error) = Run(
            "compare", model, "--prompt", "a red coat", "--prompt", "two shoes", "--size", "48x32", "--plan", "IF2", "--plan", "ddim4+CFG3", "--steps", "6", "--repeats", "1", "-o", PathOf("out"));

        Assert.True(code == 0, error);
        Assert.Contains("report.html", output, StringComparison.Ordinal);
        var report = ComparisonReport.FromJson(File.ReadAllText(PathOf("out/report.json")));
        Assert.Equal("tiny-sd15: \u201ca red coat\u201d and 1 more, 48×32, Float32", report.Title);
        Assert.Contains("\u201ca red coat\u201d and 1 more, 48×32", File.ReadAllText(PathOf("out/report.html")), StringComparison.Ordinal);
        Assert.Equal([6, 6, 4, 4, 3, 2, 1], report.Rows.Select(r => r.Steps));
        Assert.Equal(["baseline", "IF2", "ddim4+CFG3", "control"], report.Rows.Select(r => r.Group).Take(4));
        Assert.All(report.Rows, r => Assert.Equal((2, 48, 32), (r.Pictures.Count, r.Pictures.Width, r.Pictures.Height)));
        Assert.Equal(12, report.Rows[0].Evaluations);
        Assert.True(report.Rows[1].MultiplyAdds < report.Rows[0].MultiplyAdds);
        Assert.Equal(100, report.Rows[0].Psnr);
        Assert.All(report.Rows.Skip(1), r => Assert.InRange(r.Psnr, 1, 99));
    }

    [Theory]
    [InlineData("sd15", "C:prediction:even5:out^2")]
    [InlineData("flux", "IF4o2@snr")]
    public void APresetIsOfTheNetworksKind(string family, string tag)
    {
        string[] asked = [TinyModel.Write(PathOf("."), family), "--prompt", "a red coat", "--size", "32x32", "--steps", "6", "--preset", "fast", "--json"];
        var (code, output, error) = Run(["compare", .. asked, "--repeats", "1", "-o", PathOf("compared")]);
        Assert.True(code == 0, error);
        Assert.Equal($"fast: {tag}", ComparisonReport.FromJson(output).Rows[1].Group);
        (code, output, error) = Run(["generate", .. asked, "-o", PathOf("generated")]);
        Assert.True(code == 0, error);
        Assert.EndsWith("+" + tag, Json(output).GetProperty("sampler").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void ThePicturesAreThoseOfGenerate()
    {
        var model = TinyModel.Write(PathOf("."), "sd15");
        string[] asked = [model, "--prompt", "a red coat", "--negative", "a shoe", "--size", "32x32", "--steps", "3", "--guidance", "4", "--seed", "7"];
        Assert.Equal(0, Run(["compare", .. asked, "--plan", "IF2", "--repeats", "1", "-o", PathOf("compared")]).Code);
        Assert.Equal(0, Run(["generate", .. asked, "-o", PathOf("generated")]).Code);
        var report = ComparisonReport.FromJson(File.ReadAllText(PathOf("compared/report.json")));
        using var picture = SkiaSharp.SKBitmap.Decode(PathOf("generated/000-seed7.png"));
        var pixels = report.Rows[0].Pictures.Pixels;
        for (var i = 0; i < 32 * 32; i++)
        {
            // Operators are pinned in one command and fastest in the other: rounding may differ.
            var color = picture.GetPixel(i % 32, i / 32);
            Assert.InRange(color.Red - pixels[i], -1, 1);
            Assert.InRange(color.Blue - pixels[(2 * 32 * 32) + i], -1, 1);
        }
    }

    [Fact]
    public void FilmsAreJudgedFrameByFrame()
    {
        var (code, _, error) = Run(
            "compare", TinyModel.Write(PathOf("."), "latte"), "--prompt", "a red coat", "--size", "32x32x4", "--plan", "IF2", "--steps", "4", "--count", "2", "--repeats", "1", "-o", PathOf("out"));

        Assert.True(code == 0, error);
        var report = ComparisonReport.FromJson(File.ReadAllText(PathOf("out/report.json")));
        Assert.Equal(4, report.Frames);
        Assert.All(report.Rows, r => Assert.Equal((8, 8, 8), (r.Pictures.Count, r.PsnrPerPicture.Count, r.SsimPerPicture.Count)));
        var page = File.ReadAllText(PathOf("out/report.html"));
        Assert.Contains("baseline: 4 steps, 2 films of 4 frames, 8 evaluations each", page, StringComparison.Ordinal);
        Assert.Contains("Seeds 1 to 2, the same in every row. Films are judged frame by frame", page, StringComparison.Ordinal);
    }

    [Fact]
    public void LatentsAreComparedWhereNothingDecodesThem()
    {
        var model = TinyModel.Write(PathOf("."), "cogvideox");
        var config = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(Path.Combine(model, "vae", "config.json")))!;
        config["_class_name"] = "AutoencoderOfAnotherKind";
        File.WriteAllText(Path.Combine(model, "vae", "config.json"), config.ToJsonString());
        var (code, _, error) = Run("compare", model, "--prompt", "a red coat", "--size", "32x32x9", "--plan", "IF2", "--steps", "3", "--repeats", "1", "-o", PathOf("out"));
        Assert.True(code == 0, error);
        Assert.Contains("latents are compared instead of pictures", error, StringComparison.Ordinal);
        Assert.Equal(3, ComparisonReport.FromJson(File.ReadAllText(PathOf("out/report.json"))).Frames);
    }

    [Theory]
    [InlineData("lcm", "32x32", "--prompt", "a red coat")]
    [InlineData("sdxl", "32x32", "--prompt", "a red coat")]
    [InlineData("pixart", "32x32", "--prompt", "a red coat")]
    [InlineData("sd3", "32x32", "--prompt", "a red coat")]
    [InlineData("flux", "32x32", "--prompt", "a red coat")]
    [InlineData("wan", "32x48x9", "--prompt", "a red coat")]
    [InlineData("dit", null, "--labels", "0,1")]
    [InlineData("ddpm", null, "--count", "2")]
    public void EveryFamilyIsOneCommandAway(string family, string? size, string option, string value)
    {
        string[] sized = size is null ? [] : ["--size", size];
        var (code, output, error) = Run(["compare", TinyModel.Write(PathOf("."), family), option, value, .. sized, "--plan", "IF2", "--steps", "3", "--repeats", "1", "--json", "-o", PathOf("out")]);
        Assert.True(code == 0, error);
        var report = ComparisonReport.FromJson(output);
        Assert.StartsWith($"tiny-{family}: ", report.Title, StringComparison.Ordinal);
        Assert.Equal([3, 3, 2, 1], report.Rows.Select(r => r.Steps));
        Assert.All(report.Rows, r => Assert.Equal(0, r.BrokenPictures));
    }

    [Theory]
    [InlineData("reads prompts; use --prompt", "--labels", "3")]
    [InlineData("multiples of 4; 50×64 was asked for", "--size", "50x64", "--prompt", "a coat")]
    [InlineData("makes pictures of prompts: add --prompt", "--steps", "4")]
    [InlineData("the plan 'CFG3' says its own guidance", "--plan", "CFG3", "--guidance", "4", "--prompt", "a coat")]
    [InlineData("works at 'attention.gated', but", "--plan", "C:attention.gated:every2:out^0", "--prompt", "a coat")]
    [InlineData("--embeddings stand for prompts", "--embeddings", "x.safetensors", "--prompt", "a coat")]
    public void WhatDoesNotFitIsAnsweredInOneLine(string expected, params string[] arguments) =>
        Refused(expected, ["compare", TinyModel.Write(PathOf("."), "sd15"), "--plan", "IF2", "-o", PathOf("out"), .. arguments]);

    [Fact]
    public void OptionsOfWholeModelsAreRefusedElsewhere()
    {
        Refused("--prompt is for whole models", "compare", Tiny, "--plan", "IF2", "--prompt", "a coat", "-o", PathOf("out"));
        var model = TinyModel.Write(PathOf("."), "sd15");
        Refused("reads text, which a network alone cannot be given here: name the model's folder", "compare", model + "/unet", "--plan", "IF2", "-o", PathOf("out"));
        Refused("reads text, which a network alone cannot be given here: name the model's folder", "generate", model + "/unet", "-o", PathOf("out"));
        Refused("has no classes", "generate", TinyModel.Write(PathOf("."), "ddpm") + "/unet", "-o", PathOf("out"));
        Refused("--size is for whole models", "compare", Tiny, "--plan", "IF2", "--size", "32x32", "-o", PathOf("out"));
    }
}
