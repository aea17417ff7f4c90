using System.CommandLine;
using Acceleration.Models;

namespace Acceleration.Tool;

/// <summary><c>acceleration generate MODEL</c></summary>
internal static class GenerateCommand
{
    private const int UsualBatch = 10;

    public static Command Make(Terminal terminal)
    {
        var model = new Argument<string>("model") { Description = "A model's folder (with model_index.json), its single file, a class-conditional network's checkpoint (.safetensors), or its ONNX model: an .onnx file, its folder, or one that was split." };
        var labels = LabelsOption.Make();
        var conditions = ConditionsOption.Make("an ONNX model without classes");
        var steps = NumberOption.Whole("--steps", "Solver steps (default 50, or what the plan says).", 1, SamplerChoice.MostSteps);
        var guidance = NumberOption.Finite("--guidance", "Guidance scale; 1 for none (default 2, or what the plan says).");
        var plan = new Option<string?>("--plan") { Description = "An acceleration plan: a .json file, or a tag such as EC0.05." };
        var preset = PresetOption.One();
        var force = new Option<bool>("--force") { Description = "Run a plan on something else than it was calibrated for." };
        var seed = NumberOption.Whole("--seed", "Seed of the first picture; picture i has seed + i (default 0).", 0, long.MaxValue / 2);
        var folder = new Option<string>("--output", "-o") { Description = "Folder for the pictures (default: pictures).", DefaultValueFactory = _ => "pictures" };
        var batch = NumberOption.Whole("--batch", "Pictures sampled together (default 10).", 1, 10_000);
        var previews = NumberOption.Whole("--previews", "Write a picture of the predicted result after every N steps.", 1, SamplerChoice.MostSteps);
        var dtype = TypeOption.Make("float32");
        var fast = new Option<bool>("--fast") { Description = "Use the operators that are fastest here; pictures may then differ in the last bit from run to run." };
        var resume = new Option<bool>("--resume") { Description = "Keep the running batch on disk after every step, and go on with what a run of the same command left in the folder when it was stopped or killed." };
        var json = new Option<bool>("--json") { Description = "Write the summary as JSON." };
        var command = new Command("generate", "Generate pictures.") { model, labels, steps, guidance, plan, preset, force, seed, folder, batch, previews, dtype, fast, resume, json, conditions };
        var whole = new ModelOptions();
        var onnx = new OnnxArguments();
        foreach (var option in whole.All.Concat(onnx.All))
        {
            command.Add(option);
        }

        command.SetAction(parsed => terminal.Guard(() =>
        {
            var choice = new SamplerChoice((int?)parsed.GetValue(steps), parsed.GetValue(guidance), parsed.GetValue(force)) { Preset = parsed.GetValue(preset) };
            var graph = onnx.Sampled(parsed, parsed.GetValue(model)!);
            OnnxArguments.RequireFor(graph, conditions.Name, parsed.GetValue(conditions));
            if (graph is null && Pipeline.IsModel(parsed.GetValue(model)!))
            {
                var asked = whole.Read(
                    parsed, parsed.GetValue(model)!, choice, parsed.GetValue(plan), parsed.GetValue(seed) ?? 0, parsed.GetValue(folder)!, (int?)parsed.GetValue(batch), parsed.GetValue(dtype)!, parsed.GetValue(fast), parsed.GetValue(labels),
                    (int)(parsed.GetValue(previews) ?? 0), parsed.GetValue(resume));
                return ModelRun.Start(terminal, asked, parsed.GetValue(json));
            }

            whole.RequireNone(parsed, parsed.GetValue(model)!, counts: graph is not null);
            var settings = new GenerateSettings
            {
                Model = parsed.GetValue(model)!,
                Labels = parsed.GetValue(labels),
                Conditions = parsed.GetValue(conditions),
                Count = whole.Count(parsed),
                Sampler = choice,
                Plan = parsed.GetValue(plan),
                Seed = parsed.GetValue(seed) ?? 0,
                Folder = parsed.GetValue(folder)!,
                Batch = (int)(parsed.GetValue(batch) ?? UsualBatch),
                Previews = (int)(parsed.GetValue(previews) ?? 0),
                DType = TypeOption.Read(parsed, dtype, graph),
                Onnx = graph,
                Fast = parsed.GetValue(fast),
                Resume = parsed.GetValue(resume),
            };
            return GenerateRun.Start(terminal, settings, parsed.GetValue(json));
        }));
        return command;
    }
}
