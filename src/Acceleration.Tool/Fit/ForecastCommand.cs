using System.CommandLine;

namespace Acceleration.Tool;

/// <summary><c>acceleration fit forecast MODEL</c></summary>
internal static class ForecastCommand
{
    private const int UsualSteps = 50;
    private const int UsualTrajectories = 40;
    private const int UsualBatch = 20;
    private const int UsualTries = 40;

    public static Command Make(Terminal terminal)
    {
        var model = new Argument<string>("model") { Description = "A network's checkpoint (.safetensors)." };
        var file = new Option<string>("--output", "-o") { Description = "The plan to write (default: forecast.json).", DefaultValueFactory = _ => "forecast.json" };
        var evaluations = NumberOption.Whole("--evaluations", "Network evaluations of one picture, both branches counted (default: a seventh of all).", 1, 2L * SamplerChoice.MostSteps);
        var labels = new Option<long[]?>("--labels") { Description = "Class labels, used in turn: 0,3,5-9. Without it, all classes.", AllowMultipleArgumentsPerToken = true, Arity = ArgumentArity.OneOrMore, CustomParser = LabelsOption.Make().CustomParser };
        var steps = NumberOption.Whole("--steps", "Solver steps (default 50, or what the plan says).", 1, SamplerChoice.MostSteps);
        var guidance = NumberOption.Finite("--guidance", "Guidance scale (default 2, or what the plan says).");
        var plan = new Option<string?>("--plan") { Description = "Solver, noise levels and guidance to fit to: a .json file, or a tag such as ddim50+CFG2." };
        var trajectories = NumberOption.Whole("--trajectories", "Trajectories of full evaluation to fit to (default 40).", 1, 1_000_000);
        var batch = NumberOption.Whole("--batch", "Trajectories sampled together (default 20).", 1, 10_000);
        var seed = NumberOption.Whole("--seed", "Seed of the first trajectory; trajectory i has seed + i (default 1000000).", 0, long.MaxValue / 2);
        var tries = NumberOption.Whole("--tries", "Lists of evaluated steps that the search may try (default 40).", 0, 1_000_000);
        var dtype = TypeOption.Make("float32");
        var json = new Option<bool>("--json") { Description = "Write the report as JSON." };
        var command = new Command("forecast", "Find the steps in which to evaluate the network and fit the weights that go on from them, and write a plan that holds them.")
        {
            model, file, evaluations, labels, steps, guidance, plan, trajectories, batch, seed, tries, dtype, json,
        };
        command.SetAction(parsed => terminal.Guard(() => ForecastFitRun.Start(terminal, new()
        {
            Model = parsed.GetValue(model)!,
            File = parsed.GetValue(file)!,
            Evaluations = (int?)parsed.GetValue(evaluations),
            Labels = parsed.GetValue(labels),
            Sampler = new((int?)parsed.GetValue(steps), parsed.GetValue(guidance), Force: false),
            Steps = (int)(parsed.GetValue(steps) ?? UsualSteps),
            Plan = parsed.GetValue(plan),
            Trajectories = (int)(parsed.GetValue(trajectories) ?? UsualTrajectories),
            Batch = (int)(parsed.GetValue(batch) ?? UsualBatch),
            Seed = parsed.GetValue(seed) ?? 1_000_000,
            Tries = (int)(parsed.GetValue(tries) ?? UsualTries),
            DType = parsed.GetValue(dtype)!,
            Json = parsed.GetValue(json),
        })));
        return command;
    }
}
