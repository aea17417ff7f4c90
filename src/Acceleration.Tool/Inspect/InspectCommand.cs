using System.CommandLine;

namespace Acceleration.Tool;

/// <summary><c>acceleration inspect FILE</c></summary>
internal static class InspectCommand
{
    public static Command Make(Terminal terminal)
    {
        var file = new Argument<string>("file") { Description = "A checkpoint or golden file (.safetensors)." };
        var all = new Option<bool>("--all") { Description = "List every tensor and site instead of groups." };
        var json = new Option<bool>("--json") { Description = "Write everything as JSON." };
        var command = new Command("inspect", "Show a checkpoint's tensors, metadata and architecture, the sites it exposes and their cost, and which strategies apply.") { file, all, json };
        command.SetAction(parsed => terminal.Guard(() =>
        {
            var inspection = Inspection.Of(parsed.GetValue(file)!);
            if (parsed.GetValue(json))
            {
                terminal.Out.WriteLine(ToolJson.Of(inspection));
            }
            else
            {
                InspectText.Write(terminal, inspection, parsed.GetValue(all));
            }

            return 0;
        }));
        return command;
    }
}
