using System.CommandLine;

namespace Acceleration.Tool;

/// <summary><c>acceleration fit linear-ag MODEL</c></summary>
internal static class LinearAGCommand
{
    public static Command Make(Terminal terminal)
    {
        // Steps and trajectories as published.
        var common = new FitOptions(new("linear-ag.json", Steps: 20, Trajectories: 200, Batch: 10, Seed: 0), "full guidance");
        var tail = new Option<string>("--tail") { Description = "Second half of the steps: conditional as published, or estimated (default conditional).", DefaultValueFactory = _ => "conditional" };
        var three = new Option<bool>("--three-terms") { Description = "Estimate from c_k, c_(k-1) and u_(k-1) instead of all earlier predictions." };
        var intercept = new Option<bool>("--intercept") { Description = "Fit a constant, too." };
        tail.AcceptOnlyFromAmong("conditional", "estimated");
        var command = common.Command("linear-ag", "Fit the weights with which LinearAG estimates unconditional predictions, and write a plan that holds them.", tail, three, intercept);
        command.SetAction(parsed => terminal.Guard(() => LinearAGFitRun.Start(terminal, new(common.Read(parsed), new()
        {
            Tail = parsed.GetValue(tail) == "estimated" ? LinearTail.Estimated : LinearTail.Conditional,
            Form = parsed.GetValue(three) ? LinearForm.ThreeTerm : LinearForm.Full,
            Intercept = parsed.GetValue(intercept),
        }))));
        return command;
    }
}
