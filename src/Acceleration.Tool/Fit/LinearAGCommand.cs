using System.CommandLine;

namespace Acceleration.Tool;

/// <summary><c>acceleration fit linear-ag MODEL</c></summary>
internal static class LinearAGCommand
{
    // As published.
    private const int UsualSteps = 20;
    private const int UsualTrajectories = 200;
    private const int UsualBatch = 10;

    public static Command Make(Terminal terminal)
    {
        var model = new Argument<string>("model") { Description = "A network's checkpoint (.safetensors)." };
        var file = new Option<string>("--output", "-o") { Description = "The plan to write (default: linear-ag.json).", DefaultValueFactory = _ => "linear-ag.json" };
        var labels = new Option<long[]?>("--labels") { Description = "Class labels, used in turn: 0,3,5-9. Without it, all classes.", AllowMultipleArgumentsPerToken = true, Arity = ArgumentArity.OneOrMore, CustomParser = LabelsOption.Make().CustomParser };
        var steps = NumberOption.Whole("--steps", "Solver steps (default 20, or what the plan says).", 1, SamplerChoice.MostSteps);
        var guidance = NumberOption.Finite("--guidance", "Guidance scale (default 2, or what the plan says).");
        var plan = new Option<string?>("--plan") { Description = "Solver, noise levels and guidance to fit to: a .json file, or a tag such as ddim30+CFG4." };
        var trajectories = NumberOption.Whole("--trajectories", "Trajectories of full guidance to fit to (default 200).", 1, 1_000_000);
        var batch = NumberOption.Whole("--batch", "Trajectories sampled together (default 10).", 1, 10_000);
        var seed = NumberOption.Whole("--seed", "Seed of the first trajectory; trajectory i has seed + i (default 0).", 0, long.MaxValue / 2);
        var tail = new Option<string>("--tail") { Description = "Second half of the steps: conditional as published, or estimated (default conditional).", DefaultValueFactory = _ => "conditional" };
        var three = new Option<bool>("--three-terms") { Description = "Estimate from c_k, c_(k-1) and u_(k-1) instead of all earlier predictions." };
        var intercept = new Option<bool>("--intercept") { Description = "Fit a constant, too." };
        var dtype = TypeOption.Make("float32");
        var json = new Option<bool>("--json") { Description = "Write the report as JSON." };
        tail.AcceptOnlyFromAmong("conditional", "estimated");
        var command = new Command("linear-ag", "Fit the weights with which LinearAG estimates unconditional predictions, and write a plan that holds them.")
        {
            model, file, labels, steps, guidance, plan, trajectories, batch, seed, tail, three, intercept, dtype, json,
        };
        command.SetAction(parsed => terminal.Guard(() => LinearAGFitRun.Start(terminal, new()
        {
            Model = parsed.GetValue(model)!,
            File = parsed.GetValue(file)!,
            Labels = parsed.GetValue(labels),
            Sampler = new((int?)parsed.GetValue(steps), parsed.GetValue(guidance), Force: false),
            Steps = (int)(parsed.GetValue(steps) ?? UsualSteps),
            Plan = parsed.GetValue(plan),
            Trajectories = (int)(parsed.GetValue(trajectories) ?? UsualTrajectories),
            Batch = (int)(parsed.GetValue(batch) ?? UsualBatch),
            Seed = parsed.GetValue(seed) ?? 0,
            DType = parsed.GetValue(dtype)!,
            Fit = new()
            {
                Tail = parsed.GetValue(tail) == "estimated" ? LinearTail.Estimated : LinearTail.Conditional,
                Form = parsed.GetValue(three) ? LinearForm.ThreeTerm : LinearForm.Full,
                Intercept = parsed.GetValue(intercept),
            },
            Json = parsed.GetValue(json),
        })));
        return command;
    }
}
