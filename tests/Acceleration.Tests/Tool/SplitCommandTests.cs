using Acceleration.Onnx;
using Acceleration.Onnx.Schema;
using Acceleration.Tests.Onnx;
using Google.Protobuf;

namespace Acceleration.Tests.Tool;

/// <summary><c>acceleration split</c> on tiny models, and what is refused.</summary>
public sealed class SplitCommandTests : ToolTest
{
    [Fact]
    public void ATransformerIsSplitBesideItself()
    {
        OnnxModel.Copy(OnnxModel.Dit, PathOf("dit"));
        var (code, output, error) = Run("split", PathOf("dit"));
        Assert.Equal((0, ""), (code, error));
        Assert.Contains($"{PathOf("dit.split/split.json")}: 4 blocks with 8 attention and feed-forward parts, 10 graphs. ", output, StringComparison.Ordinal);
        Assert.Matches(@"\. 9\d\.\d % of [\d,]+ multiply-adds a row lie in them\. Largest difference from the whole model, relative: \d\.\de[+-]\d+\.\n$", output);
        using var network = OnnxDenoiser.Load(PathOf("dit.split"));
        Assert.True(network.IsSplit);
    }

    [Fact]
    public void AUNetIsSplitToWhereItIsWanted()
    {
        var (code, output, error) = Run("split", Fixture(OnnxModel.UNet, "model.onnx"), "-o", PathOf("parts"), "--json");
        Assert.Equal((0, ""), (code, error));
        var json = Json(output);
        Assert.Equal(1, json.GetProperty("schema").GetInt32());
        Assert.Equal(PathOf("parts/split.json"), json.GetProperty("manifest").GetString());
        Assert.Equal((0, 0, 6), (json.GetProperty("blocks").GetInt32(), json.GetProperty("parts").GetInt32(), json.GetProperty("cuts").GetInt32()));
        Assert.Equal(Directory.EnumerateFiles(PathOf("parts"), "*.onnx").Count(), json.GetProperty("graphs").GetInt32());
        Assert.InRange(json.GetProperty("inside").GetDouble() / json.GetProperty("multiplyAdds").GetDouble(), 0.85, 0.999);
        Assert.InRange(json.GetProperty("difference").GetDouble(), 0, 1e-6);

        // What was split takes the place of what was split before.
        Assert.Contains("4 blocks with ", Run("split", Fixture(OnnxModel.Dit), "-o", PathOf("parts")).Out, StringComparison.Ordinal);
        Assert.False(File.Exists(PathOf("parts/middle.onnx")));
    }

    /// <summary>Of a file of another name the parts lie in a folder of that name; what it predicts need not be known for it.</summary>
    [Fact]
    public void AFileThatSaysNothingOfItselfIsSplit()
    {
        File.Copy(Fixture(OnnxModel.Dit, "model.onnx"), PathOf("alone.onnx"));
        var (code, output, error) = Run("split", PathOf("alone.onnx"));
        Assert.Equal((0, ""), (code, error));
        Assert.StartsWith(PathOf("alone.split/split.json"), output, StringComparison.Ordinal);
        Assert.Equal(0, Run("split", PathOf("alone.onnx"), "--prediction", "epsilon", "--provider", "CPU").Code);
    }

    [Fact]
    public void AnInputThatIsNotRecognisedIsSaid()
    {
        Directory.CreateDirectory(PathOf("model"));
        var model = ModelReader.Read(Fixture(OnnxModel.Sd3, "model.onnx"));
        OnnxModel.Rename(model, "pooled_projections", "mystery");
        File.WriteAllBytes(PathOf("model/model.onnx"), model.ToByteArray());
        Refused("what the input 'mystery' is for cannot be told", "split", PathOf("model"));
        Assert.False(Directory.Exists(PathOf("model.split")));
        Assert.Equal(["model"], Directory.EnumerateFileSystemEntries(PathOf(".")).Select(Path.GetFileName));

        var (code, output, error) = Run("split", PathOf("model"), "--input", "mystery=pooled");
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("3 blocks with 6 attention and feed-forward parts", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ONNX model 'none.onnx': the file does not exist", "none.onnx")]
    [InlineData("Required argument missing")]
    [InlineData("there is no '--frob' here", "m.onnx", "--frob")]
    [InlineData("--input context: NAME=WHAT is expected, for example --input context=text", "m.onnx", "--input", "context")]
    [InlineData("--input =text: NAME=WHAT is expected", "m.onnx", "--input", "=text")]
    [InlineData("--input context=: NAME=WHAT is expected", "m.onnx", "--input", "context=")]
    [InlineData("--input x is said twice", "m.onnx", "--input", "x=text", "--input", "x=labels")]
    [InlineData("--prediction noise: there are epsilon", "m.onnx", "--prediction", "noise")]
    [InlineData("--prediction 1: there are epsilon", "m.onnx", "--prediction", "1")]
    public void WhatIsWrongIsSaidInOneLine(string expected, params string[] arguments) => Refused(expected, ["split", .. arguments]);

    [Fact]
    public void FoldersThatAreNoneOfItsOwnAreLeftAlone()
    {
        var model = Fixture(OnnxModel.Dit);
        Directory.CreateDirectory(PathOf("mine"));
        File.WriteAllText(PathOf("mine/letter.txt"), "");
        Refused("holds other things", "split", model, "-o", PathOf("mine"));
        Refused("holds other things", "split", model, "-o", PathOf("mine/letter.txt"));
        Refused("a folder of their own", "split", model, "-o", model);
        Refused("no .onnx file in this folder", "split", PathOf("mine"));
        Refused("the provider NoSuch is not part of the ONNX Runtime that is loaded", "split", model, "-o", PathOf("parts"), "--provider", "NoSuch");
        Refused("names 'context', which is no input of it. It takes sample: float32", "split", model, "-o", PathOf("parts"), "--input", "context=text");
        Assert.Equal(["mine"], Directory.EnumerateFileSystemEntries(PathOf(".")).Select(Path.GetFileName));
    }

    [Fact]
    public void AModelWithoutBlocksIsNotSplit()
    {
        File.WriteAllBytes(PathOf("flat.onnx"), TinyGraph.Of(
            [TinyGraph.Input("sample", TinyGraph.Float, "rows", 1, 4, 4), TinyGraph.Input("timestep", TinyGraph.Float, "rows")],
            new NodeProto { OpType = "Neg", Input = { "sample" }, Output = { "output" } }).ToByteArray());
        Refused("no repeated blocks were found in it, nor skip connections", "split", PathOf("flat.onnx"));
        Assert.Equal(["flat.onnx"], Directory.EnumerateFileSystemEntries(PathOf(".")).Select(Path.GetFileName));
    }

    private static string Fixture(string kind, string file = "") => Path.Combine(AppContext.BaseDirectory, "Fixtures", "onnx", kind, file);
}
