using Acceleration.Tests.Onnx;
using Google.Protobuf;

namespace Acceleration.Tests.Tool;

/// <summary>Other commands on ONNX models, and what a command says that cannot do what was asked.</summary>
[Collection(OnnxSplits.Name)]
public sealed class OnnxCommandsTests(OnnxSplits splits) : ToolTest
{
    private static string Dit { get; } = Fixture(OnnxModel.Dit);

    [Fact]
    public void PlansAreCompared()
    {
        var (code, output, error) = Run("compare", splits.Dit, "--plan", "C:chain:every2:res", "--labels", "1", "--steps", "4", "--repeats", "1", "-o", PathOf("comparison"), "--json");
        Assert.True(code == 0, error);
        Assert.Contains("dit, Float32", output, StringComparison.Ordinal);
        Assert.Contains("\"C:chain:every2:res\"", output, StringComparison.Ordinal);
        Assert.True(File.Exists(PathOf("comparison/report.html")));
        Refused("Blocks and cuts of an ONNX model are sites once it is split", "compare", Dit, "--plan", "C:chain:every2:res", "--repeats", "1", "-o", PathOf("comparison"));
    }

    [Fact]
    public void MethodsAreFitted()
    {
        var (code, output, error) = Run("fit", "forecast", Dit, "--steps", "4", "--evaluations", "4", "--trajectories", "4", "--tries", "1", "--labels", "1", "-o", PathOf("forecast.json"));
        Assert.True(code == 0, error);
        Assert.Contains("dit, ddim4+CFG2: 4 trajectories", output, StringComparison.Ordinal);
        Assert.Equal(0, Run("generate", Dit, "--plan", PathOf("forecast.json"), "--labels", "1", "-o", PathOf("out")).Code);
        Assert.Equal(0, Run("fit", "linear-ag", splits.Dit, "--steps", "4", "--trajectories", "6", "-o", PathOf("linear.json")).Code);
    }

    /// <summary>Methods on blocks look inside of a split model, those on network calls at any; what reads no labels is calibrated on conditions from a file.</summary>
    [Fact]
    public void MethodsAreCalibrated()
    {
        string[] few = ["--steps", "4", "--samples", "1", "-o", PathOf("plan.json")];
        var (code, output, error) = Run(["calibrate", splits.Dit, "--for", "bac", .. few]);
        Assert.True(code == 0, error);
        Assert.Contains("dit, ddim4+CFG2: 1 sample", output, StringComparison.Ordinal);
        Refused("Blocks and cuts of an ONNX model are sites once it is split", ["calibrate", Dit, "--for", "bac", .. few]);
        using var sd3 = OnnxModel.Of(OnnxModel.Sd3);
        SafetensorsFile.Write(PathOf("conditions.safetensors"), [("text", sd3.Condition["text"]), ("pooled", sd3.Condition["pooled"])]);
        (code, _, error) = Run(["calibrate", Fixture(OnnxModel.Sd3), "--for", "lemica", "--conditions", PathOf("conditions.safetensors"), .. few]);
        Assert.True(code == 0, error);
    }

    [Theory]
    [InlineData("generate")]
    [InlineData("compare", "--plan", "IF2")]
    [InlineData("fit linear-ag")]
    [InlineData("fit forecast")]
    [InlineData("calibrate", "--for", "lemica")]
    public void EveryCommandThatSamplesSaysWhatIsWrong(string command, params string[] more)
    {
        string[] With(string model, params string[] asked) => [.. command.Split(' '), model, .. more, .. asked, .. command is "generate" or "compare" ? new[] { "-o", PathOf("out") } : ["-o", PathOf("out.json")]];
        Refused("reads text, pooled: generate, compare and calibrate take it, with --conditions FILE.safetensors that holds a tensor of each; fit samples by labels alone.", With(Fixture(OnnxModel.Sd3)));
        Refused("--dtype bfloat16: '", With(Dit, "--dtype", "bfloat16"));
        Refused("computes in the type that it was exported in, float32; leave the option out", With(Dit, "--dtype", "bfloat16"));
        Refused("dit has classes 0 to 9, not 10", With(Dit, "--labels", "10"));
        Refused("ONNX model 'none.onnx': the file does not exist", With("none.onnx"));
        Refused("--prediction noise: there are epsilon", With(Dit, "--prediction", "noise"));
        foreach (var (option, value) in new[] { ("--input", "x=text"), ("--prediction", "flow"), ("--provider", "CPU") })
        {
            Refused($"{option} is for ONNX models", With(Tiny, option, value));
        }

        if (!command.StartsWith("fit", StringComparison.Ordinal))
        {
            Refused("--prompt is for whole models", With(Dit, "--prompt", "a coat"));
        }
    }

    [Fact]
    public void AnExportWhoseAutoencoderIsNotRunSaysWhatToName()
    {
        OnnxModel.Copy(OnnxModel.Dit, PathOf("export/transformer"));
        File.Delete(PathOf("export/transformer/golden.safetensors"));
        Directory.CreateDirectory(PathOf("export/vae_decoder"));
        File.WriteAllText(PathOf("export/model_index.json"), "{\"_class_name\": \"DiTPipeline\"}");
        foreach (string[] command in new string[][] { ["generate", PathOf("export")], ["compare", PathOf("export"), "--plan", "IF2"] })
        {
            Refused("export' has an autoencoder, 'vae_decoder', which would make pictures of transformer's latents; ONNX autoencoders are not run here. Name the network's .onnx file", [.. command, "-o", PathOf("out")]);
        }

        Assert.Equal(0, Run("generate", PathOf("export/transformer/model.onnx"), "--labels", "1", "--steps", "2", "-o", PathOf("out")).Code);
        Assert.True(File.Exists(PathOf("out/000-label1-seed0.safetensors")));
        Assert.Contains("ONNX model; 'acceleration split' opens", Run("inspect", PathOf("export")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public void AFilmIsRefusedBeforeItIsSampled()
    {
        File.WriteAllBytes(PathOf("film.onnx"), TinyGraph.Of(
            [TinyGraph.Input("sample", TinyGraph.Float, "rows", 4, 2, 8, 8), TinyGraph.Input("timestep", TinyGraph.Float, "rows"), TinyGraph.Input("class_labels", TinyGraph.Int64, "rows")], TinyGraph.Node("Neg", "output", "sample")).ToByteArray());
        File.WriteAllText(PathOf("config.json"), "{\"num_classes\": 3}");
        Refused("samples of shape [4, 2, 8, 8] are no pictures", "generate", PathOf("film.onnx"), "--prediction", "flow", "-o", PathOf("out"));
        Assert.False(Directory.Exists(PathOf("out")));
    }

    [Fact]
    public void VerifyNamesTheCommandsThatTakeIt()
    {
        foreach (var path in new[] { Fixture(OnnxModel.Dit, "model.onnx"), splits.UNet, Path.Combine(splits.UNet, "split.json") })
        {
            var (code, _, error) = Run("verify", path);
            Assert.Equal(2, code);
            Assert.Contains($"{path}: it is an ONNX model, and no golden file; generate, compare, fit, calibrate, inspect and split take it.", error, StringComparison.Ordinal);
        }
    }

    private static string Fixture(string kind, string file = "") => Path.Combine(AppContext.BaseDirectory, "Fixtures", "onnx", kind, file);
}
