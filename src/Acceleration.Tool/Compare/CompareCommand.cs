using System.CommandLine;
using Acceleration.Models;

namespace Acceleration.Tool;

/// <summary><c>acceleration compare MODEL --plan A --plan B …</c></summary>
internal static class CompareCommand
{
    private const int UsualRepeats = 3;

    public static Command Make(Terminal terminal)
    {
        var model = new Argument<string>("model") { Description = "A model's folder (with model_index.json), its single file, a network's checkpoint (.safetensors), or its ONNX model: an .onnx file, its folder, or one that was split." };
        var plans = new Option<string[]>("--plan") { Description = "An acceleration plan: a .json file, or a tag such as EC0.05. Repeat it for several.", Arity = ArgumentArity.OneOrMore };
        var presets = PresetOption.Several();
        var labels = LabelsOption.Make();
        var conditions = ConditionsOption.Make("an ONNX model without classes");
        var steps = NumberOption.Whole("--steps", "Steps of the baseline (default 50, of whole models what is usual for them).", 2, SamplerChoice.MostSteps);
        var guidance = NumberOption.Finite("--guidance", "Guidance scale; 1 for none (default 2, of whole models what is usual for them, or what a plan says).");
        var force = new Option<bool>("--force") { Description = "Run plans on something else than they were calibrated for." };
        var seed = NumberOption.Whole("--seed", "Seed of the first picture; picture i has seed + i (default 1).", 0, long.MaxValue / 2);
        var repeats = NumberOption.Whole("--repeats", "Times everything is run, in turn (default 3).", 1, 1000);
        var folder = new Option<string>("--output", "-o") { Description = "Folder for the report (default: comparison).", DefaultValueFactory = _ => "comparison" };
        var dtype = TypeOption.Make("auto");
        var json = new Option<bool>("--json") { Description = "Write the whole report as JSON." };
        var command = new Command("compare", "Compare plans with the plain sampler and with the plain sampler at fewer steps: table, report.html, report.json.")
        {
            model, plans, presets, labels, steps, guidance, force, seed, repeats, folder, dtype, json, conditions,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(plans) is null && result.GetResult(presets) is null)
            {
                result.AddError("--plan or --preset is required: there is nothing to compare.");
            }
        });
        var whole = new ModelOptions();
        var onnx = new OnnxArguments();
        foreach (var option in whole.OfComparisons.Concat(onnx.All))
        {
            command.Add(option);
        }

        command.SetAction(parsed => terminal.Guard(() =>
        {
            var graph = onnx.Sampled(parsed, parsed.GetValue(model)!);
            OnnxArguments.RequireFor(graph, conditions.Name, parsed.GetValue(conditions));
            var settings = new CompareSettings
            {
                Model = parsed.GetValue(model)!,
                Plans = parsed.GetValue(plans) ?? [],
                Presets = parsed.GetValue(presets) ?? [],
                Labels = parsed.GetValue(labels),
                Conditions = parsed.GetValue(conditions),
                Count = whole.Count(parsed),
                Steps = (int?)parsed.GetValue(steps),
                Guidance = parsed.GetValue(guidance),
                Force = parsed.GetValue(force),
                Seed = parsed.GetValue(seed) ?? 1,
                Repeats = (int)(parsed.GetValue(repeats) ?? UsualRepeats),
                Folder = parsed.GetValue(folder)!,
                DType = TypeOption.Read(parsed, dtype, graph),
                Onnx = graph,
                Json = parsed.GetValue(json),
            };
            if (graph is not null || !Pipeline.IsModel(settings.Model))
            {
                whole.RequireNone(parsed, settings.Model, counts: graph is not null);
                return CompareRun.Start(terminal, settings);
            }

            var choice = new SamplerChoice(settings.Steps, settings.Guidance, settings.Force);
            return ModelCompareRun.Start(terminal, settings, whole.Read(parsed, settings.Model, choice, settings.Plans.FirstOrDefault(), settings.Seed, settings.Folder, null, settings.DType, false, settings.Labels));
        }));
        return command;
    }
}
