using Acceleration.Tests.Models;
using Acceleration.Tool;
using SkiaSharp;
using static TorchSharp.torch;

namespace Acceleration.Tests.Tool;

public sealed class CalibrateTests : ToolTest
{
    /// <summary>Every method: plan and picture are written, the plan runs, says what it holds for, and is refused elsewhere.</summary>
    [Theory]
    [InlineData("bac", "4 parts", "3 of 8 steps of each part", "--budget", "3")]
    [InlineData("magcache", "ratio of magnitudes", "of 8 steps of all blocks", "--budget", "5")]
    [InlineData("smoothcache", "SelfAttention, FeedForward", "of 8 steps, threshold", "--budget", "5")]
    [InlineData("lemica", "segments of up to 4 steps", "4 of 8 steps at prediction", "--budget", "4", "--lookback", "4", "--how", "out^1@snr")]
    [InlineData("teacache", "21 pairs of changes", "of 8 steps of all blocks on the recorded runs", "--degree", "2")]
    [InlineData("invardiff", "4 parts, change since the step before", "of 8 steps of each part on average, quantile 0.7", "--quantile", "0.7")]
    [InlineData("importance", "2 blocks, 1 − cosine", "in 5 of 8 steps, the others in all", "--blocks", "1")]
    [InlineData("scaling", "for 1 to 2 steps since", "5 of 8 steps at prediction")]
    public void APlanIsMadeAndRuns(string method, string measured, string budget, params string[] more)
    {
        var file = PathOf($"{method}.json");
        var (code, output, error) = Run(["calibrate", Tiny, "--for", method, "--steps", "8", "--guidance", "3", "--samples", "3", "--batch", "2", "-o", file, .. more]);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains($"ddim8+CFG3: 3 samples in", output, StringComparison.Ordinal);
        Assert.Contains($" for {method}.", output, StringComparison.Ordinal);
        Assert.Contains(measured, output, StringComparison.Ordinal);
        Assert.Contains(budget, output, StringComparison.Ordinal);
        Assert.Contains("on 2 other samples: ", output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(file)!, "*.tmp"));

        var plan = AccelerationPlan.Load(file);
        Assert.Equal((8, 3.0, "ddim"), (plan.Calibration!.Steps!.Value, plan.Calibration.GuidanceScale!.Value, plan.Calibration.Solver));
        Assert.Single(plan.Strategies);
        using var picture = SKBitmap.Decode(PathOf($"{method}.png"));
        Assert.Equal(1120, picture.Width);
        Assert.True(picture.Pixels.Distinct().Count() > 5);

        var made = Run("generate", Tiny, "--labels", "1", "--plan", file, "--json", "-o", PathOf("out"));
        Assert.Equal(0, made.Code);
        Assert.True(Json(made.Out).GetProperty("arithmeticSpeedup").GetDouble() > 1.05);
        Assert.Contains("calibrated for something else", Run("generate", Fashion, "--labels", "1", "--plan", file, "-o", PathOf("other")).Error, StringComparison.Ordinal);
        Assert.Contains("calibrated for something else", Run("generate", Tiny, "--labels", "1", "--plan", PathOf("edited.json", file, "\"scale\": 3", "\"scale\": 4"), "-o", PathOf("other")).Error, StringComparison.Ordinal);
    }

    /// <summary>One measurement, several plans.</summary>
    [Fact]
    public void FurtherBudgetsAreOfTheSameMeasurement()
    {
        var (code, output, error) = Run("calibrate", Tiny, "--for", "lemica", "--steps", "12", "--guidance", "1", "--samples", "1", "--budget", "6", "--also", "4,8", "--stride", "3", "-o", PathOf("a.json"));
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("followed to the end from one in 3 steps", output, StringComparison.Ordinal);
        int Steps(string name) => ((AtSteps)AccelerationPlan.Load(PathOf(name)).Strategies.OfType<Cached>().Single().When).Steps.Count;
        Assert.Equal((6, 4, 8), (Steps("a.json"), Steps("a-4.json"), Steps("a-8.json")));
        Assert.True(File.Exists(PathOf("a.png")) && File.Exists(PathOf("a-4.png")));
    }

    /// <summary>Whole models are calibrated by prompts, with their own scheduler, size and guidance; the plan runs on them and on nothing else.</summary>
    [Theory]
    [InlineData("sd15", "scaling")]
    [InlineData("flux", "bac")]
    [InlineData("sd3", "invardiff")]
    [InlineData("pixart", "smoothcache")]
    public void AWholeModelIsCalibratedByPrompts(string family, string method)
    {
        var model = TinyModel.Write(PathOf("."), family);
        string[] asked = ["--prompt", "a red coat", "--size", "32x32"];
        var (code, output, error) = Run(["calibrate", model, "--for", method, .. asked, "--prompt", "two shoes", "--steps", "6", "--samples", "3", "--batch", "2", "-o", PathOf("plan.json"), "--json"]);
        Assert.True(code == 0, error);
        Assert.Equal(3, Json(output).GetProperty("samples").GetInt32());
        Assert.True(Json(output).GetProperty("check").GetProperty("arithmeticSpeedup").GetDouble() > 1);
        Assert.Equal(6, AccelerationPlan.Load(PathOf("plan.json")).Calibration!.Steps);

        // The noise levels of FLUX are its pipeline's, and no plan's.
        string[] steps = family == "flux" ? ["--steps", "6"] : [];
        var made = Run(["generate", model, .. asked, .. steps, "--plan", PathOf("plan.json"), "--json", "-o", PathOf("out")]);
        Assert.True(made.Code == 0, made.Error);
        Assert.True(Json(made.Out).GetProperty("arithmeticSpeedup").GetDouble() > 1.05);
        Assert.True(File.Exists(PathOf("out/000-seed0.png")));
        Assert.Contains("calibrated for something else", Run(["generate", model, "--prompt", "a red coat", "--size", "48x32", "--plan", PathOf("plan.json"), .. steps, "-o", PathOf("other")]).Error, StringComparison.Ordinal);
    }

    /// <summary>A network without classes is given what it reads by a file.</summary>
    [Fact]
    public void AUNetIsCalibratedByConditionsFromAFile()
    {
        var unet = Golden.PathOf("models/unet_sd15");
        Conditions("text.safetensors", ("text", randn(3, 5, 12)));
        var (code, output, error) = Run("calibrate", unet, "--for", "rehash", "--conditions", PathOf("text.safetensors"), "--steps", "6", "--guidance", "1", "--samples", "3", "--cut", "1", "--threshold", "0.5", "--json", "-o", PathOf("rehash.json"));
        Assert.Equal((0, ""), (code, error));
        var json = Json(output);
        Assert.Equal((3, "rehash"), (json.GetProperty("samples").GetInt32(), json.GetProperty("method").GetString()));
        Assert.True(json.GetProperty("check").GetProperty("arithmeticSpeedup").GetDouble() > 1);
        Assert.InRange(json.GetProperty("check").GetProperty("relative").GetDouble(), 0, 2);
        Assert.Equal(1, AccelerationPlan.Load(PathOf("rehash.json")).Strategies.OfType<StepRehash>().Single().Cut);

        Conditions("wrong.safetensors", ("text", randn(3, 5, 13)));
        Conditions("other.safetensors", ("words", randn(3, 5, 12)));
        Refused("is Float32 [3, 5, 13]", "calibrate", unet, "--for", "rehash", "--conditions", PathOf("wrong.safetensors"), "-o", PathOf("a.json"));
        Refused("which is not there. There is words", "calibrate", unet, "--for", "rehash", "--conditions", PathOf("other.safetensors"), "-o", PathOf("a.json"));
        Refused("which a network alone cannot be given here", "calibrate", unet, "--for", "rehash", "-o", PathOf("a.json"));
        Refused("--conditions stand for labels", "calibrate", unet, "--for", "rehash", "--labels", "1", "--conditions", PathOf("text.safetensors"));
    }

    [Fact]
    public void WrongInputIsToldInOneLine()
    {
        Refused("'plan.txt': a plan is a file whose name ends in .json", "calibrate", Tiny, "--for", "bac", "-o", "plan.txt");
        Refused("'magic'", "calibrate", Tiny, "--for", "magic");
        Refused("--for", "calibrate", Tiny);
        Refused("--degree is for teacache; bac reads --budget, --repaired, --force-from, --where", "calibrate", Tiny, "--for", "bac", "--degree", "3");
        Refused("--budget finds the threshold", "calibrate", Tiny, "--for", "magcache", "--budget", "4", "--threshold", "0.1");
        Refused("--budget: the run has 6 steps, so at most 6 can be computed, not 7", "calibrate", Tiny, "--for", "bac", "--steps", "6", "--budget", "7", "--samples", "1", "-o", PathOf("a.json"));
        Refused("--budget: No threshold computes as few as 1 of 6 steps", "calibrate", Tiny, "--for", "magcache", "--steps", "6", "--budget", "1", "--samples", "1", "-o", PathOf("a.json"));
        Refused("--budget: the first and the last of 6 steps are computed", "calibrate", Tiny, "--for", "lemica", "--steps", "6", "--budget", "1", "-o", PathOf("a.json"));
        Refused("--lookback: 3 of 9 steps lie up to 4 apart at least; between 4 and 8, not 2", "calibrate", Tiny, "--for", "lemica", "--steps", "9", "--budget", "3", "--lookback", "2", "-o", PathOf("a.json"));
        Refused("--also: the first and the last of 6 steps are computed", "calibrate", Tiny, "--for", "lemica", "--steps", "6", "--also", "7", "-o", PathOf("a.json"));
        Refused("--also takes whole numbers", "calibrate", Tiny, "--for", "lemica", "--also", "few", "-o", PathOf("a.json"));
        Refused("--quantile takes a number from 0 to 1, not 2", "calibrate", Tiny, "--for", "invardiff", "--quantile", "2");
        Refused("has 2 blocks, so at most so many can be left out, not 3", "calibrate", Tiny, "--for", "importance", "--steps", "4", "--samples", "1", "--blocks", "3", "-o", PathOf("a.json"));
        Refused("--retention takes a number from 0 to 1, not 2", "calibrate", Tiny, "--for", "magcache", "--retention", "2");
        Refused("--where 'nowhere'", "calibrate", Tiny, "--for", "scaling", "--where", "nowhere", "-o", PathOf("a.json"));
        Refused("--how 'perhaps'", "calibrate", Tiny, "--for", "lemica", "--how", "perhaps", "-o", PathOf("a.json"));
        Refused("calibrate without EC0.05", "calibrate", Tiny, "--for", "bac", "--plan", "EC0.05", "-o", PathOf("a.json"));
        Refused("has no such site", "calibrate", Tiny, "--for", "rehash", "-o", PathOf("a.json"));
        Refused("classes 0 to", "calibrate", Tiny, "--for", "bac", "--labels", "99", "-o", PathOf("a.json"));
        Refused("--steps: the plan 'ddim6' says its own noise levels", "calibrate", Tiny, "--for", "bac", "--plan", "ddim6", "--steps", "4", "-o", PathOf("a.json"));
        Refused("--prompt is for whole models", "calibrate", Tiny, "--for", "bac", "--prompt", "a cat", "-o", PathOf("a.json"));
        Refused("more than the 1048576 that are allowed", "calibrate", Fashion, "--for", "bac", "--steps", "4", "--batch", "2", "--memory", "1", "-o", PathOf("a.json"));
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(PathOf("a.json"))!, "*.json"));
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(PathOf("a.json"))!, "*.png"));
    }

    /// <summary>Fewer samples at a time where all would not fit.</summary>
    [Fact]
    public void TheBatchFitsTheMemory() =>
        Assert.Equal(0, Run("calibrate", Fashion, "--for", "smoothcache", "--lookback", "1", "--steps", "2", "--samples", "2", "--memory", "16", "--guidance", "1", "-o", PathOf("a.json")).Code);

    [Fact]
    public void StoppingWritesNothing()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        using var output = new StringWriter();
        using var error = new StringWriter();
        Assert.Equal(130, AccelerationCommand.Run(["calibrate", Tiny, "--for", "lemica", "--steps", "4", "-o", PathOf("a.json")], output, error, stop.Token));
        Assert.False(File.Exists(PathOf("a.json")) || File.Exists(PathOf("a.png")));
    }

    private string PathOf(string name, string from, string old, string with)
    {
        File.WriteAllText(PathOf(name), File.ReadAllText(from).Replace(old, with, StringComparison.Ordinal));
        return PathOf(name);
    }

    private void Conditions(string name, params (string, Tensor)[] tensors)
    {
        using var scope = NewDisposeScope();
        SafetensorsFile.Write(PathOf(name), tensors);
    }
}
