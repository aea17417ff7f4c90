using System.CommandLine;

namespace Acceleration.Tool;

/// <summary><c>acceleration fit METHOD MODEL</c>: methods whose parameters are fitted to a network beforehand.</summary>
internal static class FitCommand
{
    public static Command Make(Terminal terminal) => new("fit", "Fit a method's parameters to a network and write them as a plan.") { LinearAGCommand.Make(terminal), ForecastCommand.Make(terminal) };
}
