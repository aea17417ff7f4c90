using System.CommandLine;

namespace Acceleration.Tool;

/// <summary><c>acceleration fit forecast MODEL</c></summary>
internal static class ForecastCommand
{
    private const int UsualTries = 40;

    public static Command Make(Terminal terminal)
    {
        // Far from the seeds that anybody draws, so that pictures shown are none that were fitted to.
        var common = new FitOptions(new("forecast.json", Steps: 50, Trajectories: 40, Batch: 20, Seed: 1_000_000), "full evaluation");
        var evaluations = NumberOption.Whole("--evaluations", "Network evaluations of one picture, both branches counted (default: a seventh of all).", 1, 2L * SamplerChoice.MostSteps);
        var tries = NumberOption.Whole("--tries", $"Lists of evaluated steps that the search may try (default {UsualTries}).", 0, 1_000_000);
        var command = common.Command("forecast", "Find the steps in which to evaluate the network and fit the weights that go on from them, and write a plan that holds them.", evaluations, tries);
        command.SetAction(parsed => terminal.Guard(() => ForecastFitRun.Start(terminal, new(common.Read(parsed), (int?)parsed.GetValue(evaluations), (int)(parsed.GetValue(tries) ?? UsualTries)))));
        return command;
    }
}
