using System.CommandLine;
using System.CommandLine.Parsing;

namespace Acceleration.Tool;

/// <summary>The whole command line. Nothing here, nor in the description of commands and options, touches libtorch: help and usage errors come at once.</summary>
internal static class AccelerationCommand
{
    public const string Name = "acceleration";

    /// <summary>Reads the arguments and runs what they ask for.</summary>
    /// <param name="arguments">The arguments, without the program's name.</param>
    /// <param name="output">Results.</param>
    /// <param name="error">Errors, one line each.</param>
    /// <param name="cancellation">Ends the command as Ctrl-C does.</param>
    /// <returns>0, or 1 where a verified file misses, 2 for errors, 130 where it was stopped.</returns>
    public static int Run(IReadOnlyList<string> arguments, TextWriter output, TextWriter error, CancellationToken cancellation = default)
    {
        using var interrupt = new Interrupt(cancellation);
        var terminal = new Terminal(output, error, interrupt.Token);
        var (root, verbose) = Make(terminal);
        var parsed = root.Parse(arguments);
        terminal.Verbose = parsed.GetValue(verbose);
        if (parsed.Errors.Count > 0)
        {
            return terminal.Fail($"{ErrorLine.Single(Describe(parsed))} See '{Path(parsed)} --help'.");
        }

        return parsed.Invoke(new() { Output = output, Error = error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
    }

    /// <summary>Reads arguments without running what they ask for.</summary>
    public static ParseResult Parse(IReadOnlyList<string> arguments) => Make(new Terminal(TextWriter.Null, TextWriter.Null, CancellationToken.None)).Root.Parse(arguments);

    private static (RootCommand Root, Option<bool> Verbose) Make(Terminal terminal)
    {
        var verbose = new Option<bool>("--verbose") { Description = "Show stack traces of errors.", Recursive = true };
        var root = new RootCommand("Makes diffusion networks faster without retraining: pictures, comparisons, checks.")
        {
            verbose,
            GenerateCommand.Make(terminal),
            CompareCommand.Make(terminal),
            FitCommand.Make(terminal),
            CalibrateCommand.Make(terminal),
            SplitCommand.Make(terminal),
            InspectCommand.Make(terminal),
            VerifyCommand.Make(terminal),
            DoctorCommand.Make(terminal),
        };

        NamedHelp.Use(root);
        return (root, verbose);
    }

    /// <summary>What is wrong; that a command is missing is no news where one is misspelt.</summary>
    private static string Describe(ParseResult parsed)
    {
        string[] messages = [.. parsed.Errors.Select(e => ErrorLine.Single(e.Message)).Distinct()];
        string[] unknown = [.. parsed.UnmatchedTokens.Where(t => messages.Any(m => m.Contains($"'{t}'", StringComparison.Ordinal)))];
        return unknown.Length > 0
            ? $"there is no {string.Join(", no ", unknown.Select(u => $"'{u}'"))} {(parsed.CommandResult.Command is RootCommand ? "command" : "here")}."
            : string.Join(" ", messages.Select(m => m.EndsWith('.') ? m : m + "."));
    }

    /// <summary>The command that was meant, as it is typed.</summary>
    private static string Path(ParseResult parsed)
    {
        var names = new List<string>();
        for (SymbolResult? at = parsed.CommandResult; at is not null; at = at.Parent)
        {
            if (at is CommandResult { Command: not RootCommand } command)
            {
                names.Insert(0, command.Command.Name);
            }
        }

        return string.Join(' ', names.Prepend(Name));
    }
}
