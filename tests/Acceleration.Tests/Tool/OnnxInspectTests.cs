using System.Text.Json;
using Acceleration.Tests.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace Acceleration.Tests.Tool;

/// <summary><c>acceleration inspect</c> on ONNX models, whole and split, and what <c>doctor</c> says of ONNX Runtime.</summary>
public sealed class OnnxInspectTests : ToolTest
{
    [Fact]
    public void AWholeModelIsShownWithItsInputs()
    {
        var (code, output, error) = Run("inspect", Fixture(OnnxModel.Sd3));
        Assert.Equal((0, ""), (code, error));
        foreach (var line in new[] { ": ONNX model; 'acceleration split' opens its blocks to strategies", "latents 4×16×16, patch 2, 64 tokens", "predicts flow", "condition 'pooled'" })
        {
            Assert.Contains(line, output, StringComparison.Ordinal);
        }

        var json = Json(Run("inspect", Fixture(OnnxModel.Sd3, "model.onnx"), "--json").Out);
        var inputs = json.GetProperty("inputs").EnumerateArray().ToDictionary(i => i.GetProperty("input").GetString()!.Split(':')[0], i => i.GetProperty("what").GetString());
        Assert.Equal(["condition 'text'", "latents", "condition 'pooled'", "timestep"], inputs.OrderBy(i => i.Key, StringComparer.Ordinal).Select(i => i.Value));
        Assert.Equal(["network"], json.GetProperty("sites").EnumerateArray().Select(s => s.GetProperty("path").GetString()));
        var strategies = Strategies(json);
        Assert.True(strategies["EasyCache"].Applies);
        Assert.True(strategies["IntervalForecast"].Applies);
        Assert.False(strategies["DeltaDiT"].Applies);
        Assert.Contains("has no such site", strategies["DeltaDiT"].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void ASplitTransformerIsShownWithItsBlocks()
    {
        Assert.Equal(0, Run("split", Fixture(OnnxModel.Dit), "-o", PathOf("parts")).Code);
        var (code, output, error) = Run("inspect", PathOf("parts"));
        Assert.Equal((0, ""), (code, error));
        Assert.Contains($"{PathOf("parts")}: split ONNX model", output, StringComparison.Ordinal);
        Assert.Contains("blocks.*.attention", output, StringComparison.Ordinal);
        Assert.DoesNotContain("blocks.3.attention", output, StringComparison.Ordinal);
        Assert.Contains("blocks.3.attention", Run("inspect", PathOf("parts"), "--all").Out, StringComparison.Ordinal);

        var json = Json(Run("inspect", PathOf("parts/split.json"), "--json").Out);
        var sites = json.GetProperty("sites").EnumerateArray().ToDictionary(s => s.GetProperty("path").GetString()!, s => s.GetProperty("share").GetDouble());
        Assert.Equal(["network", "blocks", .. Enumerable.Range(0, 4).SelectMany(i => new[] { $"blocks.{i}", $"blocks.{i}.attention", $"blocks.{i}.ff" })], sites.Keys.OrderBy(k => k is "network" ? "" : k, StringComparer.Ordinal));
        Assert.Equal(sites["blocks"], Enumerable.Range(0, 4).Sum(i => sites[$"blocks.{i}.attention"] + sites[$"blocks.{i}.ff"]), 1e-9);
        var strategies = Strategies(json);
        Assert.All(["DeltaDiT", "EasyCache", "TaylorSeer", "Fora"], name => Assert.True(strategies[name].Applies, $"{name}: {strategies[name].Reason}"));
        foreach (var (name, reason) in new[] { ("ToMeSD", "where nothing reaches into it"), ("SadaTokens", "where nothing reaches into it"), ("DeepCache", "works at 'cut.0', but ") })
        {
            Assert.False(strategies[name].Applies, name);
            Assert.Contains(reason, strategies[name].Reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void ASplitUNetIsShownWithItsCuts()
    {
        Assert.Equal(0, Run("split", Fixture(OnnxModel.UNet), "-o", PathOf("parts")).Code);
        var json = Json(Run("inspect", PathOf("parts"), "--json").Out);
        double[] cuts = [.. json.GetProperty("sites").EnumerateArray().Where(s => s.GetProperty("path").GetString()!.StartsWith("cut.", StringComparison.Ordinal)).Select(s => s.GetProperty("share").GetDouble())];
        Assert.Equal(6, cuts.Length);
        Assert.All(cuts.Zip(cuts.Skip(1)), pair => Assert.True(pair.Second < pair.First));
        Assert.True(Strategies(json)["DeepCache"].Applies);
    }

    [Fact]
    public void WhatIsWrongIsSaidInOneLine()
    {
        File.WriteAllText(PathOf("letter.onnx"), "this is a letter");
        Refused("it is not an ONNX model, or only a part of one", "inspect", PathOf("letter.onnx"));
        Directory.CreateDirectory(PathOf("parts"));
        File.WriteAllText(PathOf("parts/split.json"), "{}");
        Refused("it is no manifest of a split model", "inspect", PathOf("parts"));
        Refused("it is no manifest of a split model", "inspect", PathOf("parts/split.json"));
        File.Copy(Fixture(OnnxModel.Dit, "model.onnx"), PathOf("alone.onnx"));
        Refused("OnnxOptions.Prediction", "inspect", PathOf("alone.onnx"));
        Refused("--input no: NAME=WHAT is expected", "inspect", PathOf("alone.onnx"), "--input", "no");
        Assert.Contains("predicts velocity", Run("inspect", PathOf("alone.onnx"), "--prediction", "velocity").Out, StringComparison.Ordinal);
    }

    /// <summary>What a model's own scheduler says is not overruled by what is assumed of others.</summary>
    [Theory]
    [InlineData("export/transformer")]
    [InlineData("export/scheduler")]
    public void TheSchedulerBesideAModelIsItsOwn(string folder)
    {
        OnnxModel.Copy(OnnxModel.Dit, PathOf("export/transformer"));
        File.Delete(PathOf("export/transformer/golden.safetensors"));
        Directory.CreateDirectory(PathOf("export/scheduler"));
        File.Delete(PathOf("export/transformer/scheduler_config.json"));
        File.WriteAllText(PathOf($"{folder}/scheduler_config.json"), "{\"_class_name\": \"DDIMScheduler\", \"prediction_type\": \"v_prediction\", \"num_train_timesteps\": 500}");
        Assert.Equal(0, Run("split", PathOf("export"), "-o", PathOf("parts")).Code);
        foreach (var model in new[] { PathOf("export"), PathOf("export/transformer/model.onnx"), PathOf("parts"), PathOf("parts/split.json") })
        {
            Assert.Contains("predicts velocity, null class for guidance, 500 training steps", Run("inspect", model).Out, StringComparison.Ordinal);
        }

        Assert.Contains("predicts epsilon, null class for guidance, 500 training steps", Run("inspect", PathOf("export"), "--prediction", "epsilon").Out, StringComparison.Ordinal);
        File.Delete(PathOf($"{folder}/scheduler_config.json"));
        Assert.Contains("predicts epsilon, null class for guidance, 1000 training steps", Run("inspect", PathOf("export"), "--prediction", "epsilon").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void OptionsAreRefusedWhereTheySayNothing()
    {
        Refused("--variant is for whole models", "inspect", Fixture(OnnxModel.Dit), "--variant", "fp16");
        Refused("--predicts is for whole models", "inspect", Fixture(OnnxModel.Dit), "--predicts", "velocity");
        Refused("--input is for ONNX models", "inspect", Tiny, "--input", "x=text");
        Refused("--prediction is for ONNX models", "inspect", Tiny, "--prediction", "flow");
        Refused("--provider is for ONNX models", "inspect", Tiny, "--provider", "CPU");
    }

    [Fact]
    public void DoctorNamesTheRuntimeAndItsProviders()
    {
        var line = Json(Run("doctor", "--json").Out).GetProperty("lines").EnumerateArray().Single(l => l.GetProperty("name").GetString() == "ONNX Runtime");
        Assert.StartsWith(OrtEnv.Instance().GetVersionString() + ", ", line.GetProperty("value").GetString(), StringComparison.Ordinal);
        Assert.Contains("CPU", line.GetProperty("value").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("ExecutionProvider", line.GetProperty("value").GetString(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, line.GetProperty("remedy").ValueKind);
    }

    private static Dictionary<string, (bool Applies, string? Reason)> Strategies(JsonElement json) => json.GetProperty("strategies").EnumerateArray()
        .GroupBy(s => s.GetProperty("strategy").GetString()!).ToDictionary(g => g.Key, g => (g.First().GetProperty("applies").GetBoolean(), g.First().GetProperty("reason").GetString()));

    private static string Fixture(string kind, string file = "") => Path.Combine(AppContext.BaseDirectory, "Fixtures", "onnx", kind, file);
}
