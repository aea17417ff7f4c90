using System.CommandLine;
using Spectre.Console;

namespace Acceleration.Tool;

/// <summary><c>acceleration doctor</c></summary>
internal static class DoctorCommand
{
    public static Command Make(Terminal terminal)
    {
        var json = new Option<bool>("--json") { Description = "Write JSON." };
        var command = new Command("doctor", "Show the platform, TorchSharp, libtorch, devices, threads and tuning, what is missing and the command that fixes it. Exit code 2 if something is missing.") { json };
        command.SetAction(parsed => terminal.Guard(() => Run(terminal, parsed.GetValue(json))));
        return command;
    }

    private static int Run(Terminal terminal, bool json)
    {
        DoctorLine[] lines = [.. SystemLines.Of(), .. PlatformLines.Of(Platform.Here()), .. TorchLines.Of(), .. PictureLines.Of(), .. OnnxLines.Of()];
        if (json)
        {
            terminal.Out.WriteLine(ToolJson.Of(new { Schema = 1, Healthy = !lines.Any(l => l.Missing), Lines = lines }));
        }
        else
        {
            var table = new Table().Border(TableBorder.None).HideHeaders().AddColumns("", "");
            foreach (var line in lines)
            {
                table.AddRow(Markup.Escape(line.Name), Markup.Escape(line.Value));
            }

            terminal.Console().Write(table);
            foreach (var line in lines.Where(l => l.Remedy is not null))
            {
                terminal.Out.WriteLine($"{(line.Missing ? "missing" : "advice")}: {line.Name}: {line.Remedy}");
            }

            terminal.Out.WriteLine(lines.Any(l => l.Missing) ? "Something is missing." : "Nothing is missing.");
        }

        return lines.Any(l => l.Missing) ? Terminal.Failed : 0;
    }
}
