using System.CommandLine;
using System.Globalization;
using Acceleration.Onnx;

namespace Acceleration.Tool;

/// <summary><c>acceleration split MODEL</c></summary>
internal static class SplitCommand
{
    public static Command Make(Terminal terminal)
    {
        var model = new Argument<string>("model") { Description = "An .onnx file, or a folder that holds one." };
        var output = new Option<string?>("--output", "-o") { Description = "Folder for the parts (default: the model's folder or file with '.split' behind its name)." };
        var json = new Option<bool>("--json") { Description = "Write JSON." };
        var onnx = new OnnxArguments();
        var command = new Command("split", "Split an ONNX model into its blocks, or the cuts of a UNet, so that strategies can skip them; the parts share the weights.") { model, output, json, onnx.Inputs, onnx.Prediction, onnx.Provider };
        command.SetAction(parsed => terminal.Guard(() =>
        {
            var path = parsed.GetValue(model)!;

            // What it predicts is a sampler's concern: a model that says nothing of it can be split all the same.
            var options = onnx.Read(parsed) with { AssumedPrediction = PredictionType.Flow };
            Runtime.Load();
            var folder = parsed.GetValue(output) ?? Path.TrimEndingDirectorySeparator(path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase) ? path[..^".onnx".Length] : path) + ".split";
            var found = OnnxSplitter.Split(path, folder, options);
            if (parsed.GetValue(json))
            {
                terminal.Out.WriteLine(ToolJson.Of(new { Schema = 1, found.Manifest, found.Blocks, found.Parts, found.Cuts, found.Graphs, found.MultiplyAdds, found.Inside, found.Difference, found.OneSize }));
            }
            else
            {
                terminal.Out.WriteLine(Describe(found));
            }

            return 0;
        }));
        return command;
    }

    private static string Describe(OnnxSplit found)
    {
        var parts = found.Cuts > 0
            ? $"{found.Cuts} nested cuts of a UNet"
            : $"{found.Blocks} blocks{(found.Parts > 0 ? $" with {found.Parts} attention and feed-forward parts" : "")}";
        var size = found.OneSize is { } reason ? $" Its parts take the usual size alone: {Printable.Of(reason)}" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{Printable.Of(found.Manifest)}: {parts}, {found.Graphs} graphs. {100 * found.Inside / found.MultiplyAdds:0.0} % of {found.MultiplyAdds:N0} multiply-adds a row lie in them. Largest difference from the whole model, relative: {found.Difference:0.0e+0}.{size}");
    }
}
