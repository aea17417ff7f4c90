using System.CommandLine;
using Acceleration.Models;

namespace Acceleration.Tool;

/// <summary><c>acceleration inspect FILE</c></summary>
internal static class InspectCommand
{
    public static Command Make(Terminal terminal)
    {
        var file = new Argument<string>("file") { Description = "A model's folder (with model_index.json) or single file, a checkpoint, a golden file (.safetensors), or an ONNX model: an .onnx file, its folder, or one that was split." };
        var all = new Option<bool>("--all") { Description = "List every tensor and site instead of groups." };
        var variant = new Option<string?>("--variant") { Description = "Of a whole model: which of several forms of the weights, such as fp16." };
        var predicts = PredictsOption.Make();
        var json = new Option<bool>("--json") { Description = "Write everything as JSON." };
        var onnx = new OnnxArguments();
        var command = new Command("inspect", "Show what a model or checkpoint holds: components or tensors, architecture, the sites it exposes and their cost, and which strategies apply.") { file, all, variant, predicts, json, onnx.Inputs, onnx.Prediction, onnx.Provider };
        command.SetAction(parsed => terminal.Guard(() =>
        {
            if (OnnxArguments.IsOnnx(parsed.GetValue(file)!))
            {
                RequireNoModelOption(parsed.GetValue(variant), parsed.GetValue(predicts));
                var found = OnnxInspection.Of(parsed.GetValue(file)!, onnx.Read(parsed));
                if (parsed.GetValue(json))
                {
                    terminal.Out.WriteLine(ToolJson.Of(found));
                }
                else
                {
                    OnnxInspectText.Write(terminal, found, parsed.GetValue(all));
                }

                return 0;
            }

            onnx.RequireNone(parsed);
            if (Pipeline.IsModel(parsed.GetValue(file)!))
            {
                var model = ModelInspection.Of(parsed.GetValue(file)!, parsed.GetValue(variant), PredictsOption.Read(parsed.GetValue(predicts)));
                if (parsed.GetValue(json))
                {
                    terminal.Out.WriteLine(ToolJson.Of(model));
                }
                else
                {
                    ModelInspectText.Write(terminal, model, parsed.GetValue(all));
                }

                return 0;
            }

            RequireNoModelOption(parsed.GetValue(variant), parsed.GetValue(predicts));
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

    private static void RequireNoModelOption(string? variant, string? predicts)
    {
        if ((variant ?? predicts) is not null)
        {
            throw new ToolException($"{(variant is null ? "--predicts" : "--variant")} is for whole models: a folder with a model_index.json, or a single file of Stable Diffusion or FLUX.");
        }
    }
}
