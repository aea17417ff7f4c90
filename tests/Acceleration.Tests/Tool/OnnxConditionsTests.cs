using System.Text.Json;
using Acceleration.Fuzz;
using Acceleration.Tests.Onnx;
using Google.Protobuf;
using static TorchSharp.torch;

namespace Acceleration.Tests.Tool;

/// <summary>ONNX models that read no labels: nothing at all, or conditions from a file.</summary>
public sealed class OnnxConditionsTests : ToolTest
{
    private static readonly string[] Few = ["--steps", "4"];

    [Fact]
    public void AModelThatReadsNothingIsSampled()
    {
        var model = Unconditional();
        var found = Generated("three", model, "--count", "3", "--batch", "2", "--seed", "4");
        Assert.Equal(["000-seed4.png", "001-seed5.png", "002-seed6.png"], Files(found));
        Assert.All(found.GetProperty("pictures").EnumerateArray(), p => Assert.Equal(JsonValueKind.Null, p.GetProperty("label").ValueKind));
        Assert.Equal(["000-seed6.png"], Files(Generated("one", model, "--seed", "6")));
        Assert.Equal(File.ReadAllBytes(PathOf("three/002-seed6.png")), File.ReadAllBytes(PathOf("one/000-seed6.png")));
        Assert.Equal(0, Off("three/002-seed6", "one/000-seed6"));
        Assert.True(Off("three/001-seed5", "one/000-seed6") > 1e-2);
        Refused("--labels: plain reads none; leave the option out", "generate", model, "--prediction", "flow", "--labels", "1", "-o", PathOf("one"));
        Refused("plain has no classes: generate, compare and calibrate take it; fit samples by labels alone", "fit", "forecast", model, "--prediction", "flow", "-o", PathOf("plan.json"));
    }

    [Fact]
    public void OtherNumbersOfPicturesAreOtherCommands()
    {
        var model = Unconditional();
        string[] command = ["generate", model, "--prediction", "flow", .. Few, "--resume", "-o", PathOf("out")];
        Assert.Equal(0, Run([.. command, "--count", "2"]).Code);
        Assert.Equal(0, Run([.. command, "--count", "2"]).Code);
        Refused("holds what another command made", [.. command, "--count", "3"]);
    }

    [Fact]
    public void AModelThatReadsNothingIsComparedAndCalibrated()
    {
        var model = Unconditional();
        var (code, output, error) = Run(["compare", model, "--prediction", "flow", "--plan", "IF2", .. Few, "--count", "2", "--repeats", "1", "-o", PathOf("out"), "--json"]);
        Assert.True(code == 0, error);
        Assert.Contains("plain, Float32", output, StringComparison.Ordinal);
        (code, _, error) = Run(["calibrate", model, "--prediction", "flow", "--for", "lemica", .. Few, "--samples", "1", "-o", PathOf("plan.json")]);
        Assert.True(code == 0, error);
    }

    /// <summary>A row of the file is a picture; guidance leads away from what stands there with <c>negative.</c> before its name.</summary>
    [Fact]
    public void ConditionsComeFromAFile()
    {
        var (model, file) = (Sd3, Conditions("rows", negative: true));
        var found = Generated("all", model, "--conditions", file, "--count", "2");
        Assert.Equal(["000-seed0.png", "001-seed1.png", "002-seed2.png", "003-seed3.png"], Files(found).Take(4));
        Generated("again", model, "--conditions", Conditions("last", from: 1, negative: true), "--seed", "2");
        Assert.InRange(Off("all/002-seed2", "again/000-seed2"), 0, 1e-5);
        Assert.True(Off("all/002-seed2", "all/000-seed0") > 1e-2);

        var guided = Generated("guided", model, "--conditions", file, "--guidance", "3");
        Assert.EndsWith("+CFG3", guided.GetProperty("sampler").GetString(), StringComparison.Ordinal);
        Assert.Equal(8, guided.GetProperty("evaluations").GetDouble());
        Assert.True(Off("guided/000-seed0", "all/000-seed0") > 1e-3);

        Assert.Equal(0, Run("compare", model, "--plan", "IF2", "--conditions", file, "--guidance", "2", "--steps", "4", "--repeats", "1", "-o", PathOf("compared")).Code);
        Assert.Equal(0, Run("calibrate", model, "--for", "lemica", "--conditions", file, "--guidance", "2", "--steps", "4", "--samples", "1", "-o", PathOf("plan.json")).Code);
    }

    [Fact]
    public void OtherConditionsAreAnotherCommand()
    {
        string[] command = ["generate", Sd3, .. Few, "--resume", "-o", PathOf("out"), "--conditions", Conditions("rows")];
        Assert.Equal(0, Run(command).Code);
        Assert.Equal(0, Run(command).Code);
        Conditions("rows", scale: 1.5);
        Refused("holds what another command made", command);
    }

    [Fact]
    public void WhatDoesNotFitIsSaid()
    {
        var file = Conditions("rows");
        string[] To(params string[] command) => [.. command, "-o", PathOf("out")];
        Refused("--conditions stand for labels", To("generate", Sd3, "--conditions", file, "--labels", "1"));
        Refused("Here that is a tensor in the file of --conditions for each condition, with 'negative.' before its name", To("generate", Sd3, "--conditions", file, "--guidance", "3"));
        Refused("--conditions is for ONNX models", To("generate", Tiny, "--conditions", file));
        Refused("--conditions is for ONNX models", To("compare", Tiny, "--plan", "IF2", "--conditions", file));
        Refused("--count is for whole models", To("generate", Tiny, "--count", "2"));
        Refused("which is not there. There", To("generate", Sd3, "--conditions", Conditions("part", names: "text")));
        Refused("negative conditions have a row for each of the 2 samples, or one for all; there are 3", To("generate", Sd3, "--conditions", Conditions("uneven", negative: true, negatives: 3)));
        Refused("as 'negative.pooled'", To("generate", Sd3, "--conditions", Conditions("half", negative: true, negativeNames: "text")));
    }

    private static string Sd3 => Path.Combine(AppContext.BaseDirectory, "Fixtures", "onnx", OnnxModel.Sd3);

    private string Unconditional()
    {
        var path = PathOf("plain.onnx");
        File.WriteAllBytes(path, new ResidualModel(Width: 4, Side: 4, Blocks: 3).Make().ToByteArray());
        return path;
    }

    /// <summary>Two rows of random numbers, or the second alone.</summary>
    private string Conditions(string name, int from = 0, double scale = 1, bool negative = false, int negatives = 1, string names = "text,pooled", string negativeNames = "text,pooled")
    {
        using var scope = NewDisposeScope();
        using var sd3 = OnnxModel.Of(OnnxModel.Sd3);
        (string, Tensor) Part(string n, string sign, int rows, int seed)
        {
            using var random = new Generator((ulong)seed);
            return (sign + n, scale * randn([rows, .. sd3.Condition[n].shape[1..]], generator: random)[from..]);
        }

        var path = PathOf($"{name}.safetensors");
        SafetensorsFile.Write(path, [.. names.Split(',').Select(n => Part(n, "", 2, 1)), .. negative ? negativeNames.Split(',').Select(n => Part(n, "negative.", from + negatives, 2)) : []]);
        return path;
    }

    private JsonElement Generated(string folder, string model, params string[] more)
    {
        string[] flow = model.EndsWith(".onnx", StringComparison.Ordinal) ? ["--prediction", "flow"] : [];
        var (code, output, error) = Run(["generate", model, .. flow, .. Few, .. more, "-o", PathOf(folder), "--json"]);
        Assert.True(code == 0, error);
        return Json(output);
    }

    private static string?[] Files(JsonElement report) => [.. report.GetProperty("pictures").EnumerateArray().Select(p => p.GetProperty("file").GetString())];

    private float Off(string one, string other)
    {
        using var scope = NewDisposeScope();
        using var first = SafetensorsFile.Open(PathOf($"{one}.safetensors"));
        using var second = SafetensorsFile.Open(PathOf($"{other}.safetensors"));
        return (first.ReadCopy("latents") - second.ReadCopy("latents")).abs().max().item<float>();
    }
}
