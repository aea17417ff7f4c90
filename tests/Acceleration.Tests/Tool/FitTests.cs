using Acceleration.Tool;

namespace Acceleration.Tests.Tool;

public sealed class FitTests : ToolTest
{
    [Fact]
    public void APlanIsFittedAndRuns()
    {
        var file = PathOf("linear.json");
        var (code, output, error) = Run("fit", "linear-ag", Tiny, "--steps", "8", "--guidance", "3", "--trajectories", "5", "--batch", "2", "--tail", "estimated", "-o", file);

        Assert.Equal((0, ""), (code, error));
        Assert.Contains("ddim8+CFG3: 5 trajectories", output, StringComparison.Ordinal);
        Assert.Contains("10 evaluations instead of 16", output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(file)!, "*.tmp"));
        var plan = AccelerationPlan.Load(file);
        Assert.Equal([1, 3, 4, 5, 6, 7], plan.Guidance.OfType<LinearAG>().Single().Estimates.Select(e => e.Step));
        Assert.Equal((8, 3.0), (plan.Calibration!.Steps!.Value, plan.Calibration.GuidanceScale!.Value));

        var made = Run("generate", Tiny, "--labels", "1", "--plan", file, "--json", "-o", PathOf("out"));
        Assert.Equal(0, made.Code);
        Assert.Equal(10, Json(made.Out).GetProperty("evaluations").GetDouble());
        Assert.Contains("calibrated for something else", Run("generate", Fashion, "--labels", "1", "--plan", file, "-o", PathOf("other")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void AForecastIsFittedAndRuns()
    {
        var file = PathOf("forecast.json");
        var (code, output, error) = Run("fit", "forecast", Tiny, "--steps", "8", "--guidance", "3", "--evaluations", "5", "--trajectories", "5", "--batch", "2", "--tries", "4", "-o", file);

        Assert.Equal((0, ""), (code, error));
        Assert.Contains("ddim8+CFG3: 5 trajectories", output, StringComparison.Ordinal);
        Assert.Contains("5 evaluations instead of 16", output, StringComparison.Ordinal);
        Assert.Equal(5, AccelerationPlan.Load(file).Guidance.OfType<FittedForecast>().Single().Evaluations);
        var made = Run("generate", Tiny, "--labels", "1", "--plan", file, "--json", "-o", PathOf("out"));
        Assert.Equal(5, Json(made.Out).GetProperty("evaluations").GetDouble());

        var json = Json(Run("fit", "forecast", Tiny, "--plan", "ddim14", "--trajectories", "2", "--tries", "0", "--json", "-o", PathOf("a.json")).Out);
        Assert.Equal((4, 28), (json.GetProperty("evaluations").GetInt32(), json.GetProperty("fullEvaluations").GetInt32()));
        Assert.Equal(2, json.GetProperty("steps").GetArrayLength());
        Refused("--evaluations 28: without a forecast there are 28", "fit", "forecast", Tiny, "--plan", "ddim14", "--evaluations", "28", "-o", PathOf("b.json"));
        Refused("calibrate without IF3", "fit", "forecast", Tiny, "--plan", "IF3", "-o", PathOf("b.json"));
        Assert.False(File.Exists(PathOf("b.json")));
    }

    [Fact]
    public void JsonTellsTheErrorOfEachStep()
    {
        var (code, output, _) = Run("fit", "linear-ag", Tiny, "--plan", "ddim6+CFG2", "--trajectories", "3", "--three-terms", "--intercept", "--json", "-o", PathOf("a.json"));
        Assert.Equal(0, code);
        var json = Json(output);
        Assert.Equal((3, 8, 12), (json.GetProperty("trajectories").GetInt32(), json.GetProperty("evaluations").GetInt32(), json.GetProperty("fullEvaluations").GetInt32()));
        var step = Assert.Single(json.GetProperty("steps").EnumerateArray());
        Assert.Equal((1, 3), (step.GetProperty("index").GetInt32(), step.GetProperty("terms").GetInt32()));
        Assert.InRange(step.GetProperty("relative").GetDouble(), 0, 1);
    }

    [Fact]
    public void WrongInputIsToldInOneLine()
    {
        Refused("'plan.txt': a plan is a file whose name ends in .json", "fit", "linear-ag", Tiny, "-o", "plan.txt");
        Refused("calibrate without AG0.9x0", "fit", "linear-ag", Tiny, "--plan", "AG0.9x0", "-o", PathOf("a.json"));
        Refused("add .Guidance(scale)", "fit", "linear-ag", Tiny, "--guidance", "1", "-o", PathOf("a.json"));
        Refused("classes 0 to", "fit", "linear-ag", Tiny, "--labels", "99", "-o", PathOf("a.json"));
        Refused("--steps: the plan 'ddim6' says its own noise levels", "fit", "linear-ag", Tiny, "--plan", "ddim6", "--steps", "4", "-o", PathOf("a.json"));
        Refused("'middle'", "fit", "linear-ag", Tiny, "--tail", "middle");
        Refused("See 'acceleration fit linear-ag --help'", "fit", "linear-ag");
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(PathOf("a.json"))!, "*.json"));
    }

    [Fact]
    public void StoppingWritesNothing()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        using var output = new StringWriter();
        using var error = new StringWriter();
        Assert.Equal(130, AccelerationCommand.Run(["fit", "linear-ag", Tiny, "--steps", "4", "-o", PathOf("a.json")], output, error, stop.Token));
        Assert.False(File.Exists(PathOf("a.json")));
    }
}
