using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Acceleration.Tool;

/// <summary>Help that calls the program what users type, not what its file is called.</summary>
internal sealed class NamedHelp(HelpAction help) : SynchronousCommandLineAction
{
    /// <summary>Whoever asks for help has not typed the rest yet.</summary>
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parsed)
    {
        var output = parsed.InvocationConfiguration.Output;
        using var text = new StringWriter();
        parsed.InvocationConfiguration.Output = text;
        try
        {
            var code = help.Invoke(parsed);
            output.Write(text.ToString().Replace($"  {RootCommand.ExecutableName}", $"  {AccelerationCommand.Name}", StringComparison.Ordinal));
            return code;
        }
        finally
        {
            parsed.InvocationConfiguration.Output = output;
        }
    }

    /// <summary>Takes the place of a command line's own help.</summary>
    public static void Use(RootCommand root)
    {
        foreach (var option in root.Options.OfType<HelpOption>())
        {
            if (option.Action is HelpAction help)
            {
                option.Action = new NamedHelp(help);
            }
        }
    }
}
