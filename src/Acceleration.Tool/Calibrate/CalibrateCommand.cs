using System.CommandLine;
using Acceleration.Models;

namespace Acceleration.Tool;

/// <summary><c>acceleration calibrate MODEL --for METHOD</c></summary>
internal static class CalibrateCommand
{
    private const long UsualMemory = 2048;
    private const int MostSamples = 1_000_000;

    public static Command Make(Terminal terminal)
    {
        var model = new Argument<string>("model") { Description = "A model's folder (with model_index.json), its single file, a network's checkpoint (.safetensors), or its ONNX model: an .onnx file, its folder, or one that was split." };
        var method = new Option<string>("--for") { Description = $"The method: {string.Join(", ", CalibrationMethod.All.Select(m => m.Name))}.", Required = true };
        method.AcceptOnlyFromAmong([.. CalibrationMethod.All.Select(m => m.Name)]);
        var file = new Option<string?>("--output", "-o") { Description = "The plan to write, with a picture of the measurement beside it (default: METHOD.json)." };
        var labels = new Option<long[]?>("--labels") { Description = "Class labels, used in turn: 0,3,5-9. Without it, all classes.", AllowMultipleArgumentsPerToken = true, Arity = ArgumentArity.OneOrMore, CustomParser = LabelsOption.Make().CustomParser };
        var conditions = ConditionsOption.Make("a network without classes");
        var steps = NumberOption.Whole("--steps", "Solver steps (default 50, of whole models what is usual for them, or what the plan says).", 2, SamplerChoice.MostSteps);
        var guidance = NumberOption.Finite("--guidance", "Guidance scale; 1 for none (default 2, of whole models what is usual for them, or what the plan says).");
        var plan = new Option<string?>("--plan") { Description = "Solver, noise levels and guidance to calibrate on: a .json file, or a tag such as ddim30+CFG4." };
        var samples = NumberOption.Whole("--samples", $"Samples to record (default {string.Join(", ", CalibrationMethod.All.GroupBy(m => m.Samples).OrderBy(g => g.Key).Select(g => $"{g.Key} for {string.Join(" and ", g.Select(m => m.Name))}"))}).", 1, MostSamples);
        var batch = NumberOption.Whole("--batch", "Samples recorded together (default: as many as the memory holds, 4 at most).", 1, 10_000);
        var seed = NumberOption.Whole("--seed", "Seed of the first sample; sample i has seed + i (default 0).", 0, long.MaxValue / 2);
        var memory = NumberOption.Whole("--memory", "Most MiB of recorded values (default 2048).", 1, long.MaxValue >> 24);
        var dtype = TypeOption.Make("float32");
        var json = new Option<bool>("--json") { Description = "Write the report as JSON." };
        var tuning = new TuningOptions();
        var command = new Command("calibrate", "Measure a caching method's parameters on a network, and write a plan and a picture of the measurement.")
        {
            model, method, file, labels, conditions, steps, guidance, plan, samples, batch, seed, memory, dtype, json,
        };
        var whole = new ModelOptions();
        var onnx = new OnnxArguments();
        foreach (var option in tuning.All.Concat(whole.OfComparisons).Concat(onnx.All))
        {
            command.Add(option);
        }

        command.SetAction(parsed => terminal.Guard(() =>
        {
            var chosen = CalibrationMethod.All.First(m => m.Name == parsed.GetValue(method));
            var graph = onnx.Sampled(parsed, parsed.GetValue(model)!);
            var settings = new CalibrateSettings
            {
                Model = parsed.GetValue(model)!,
                Method = chosen,
                File = parsed.GetValue(file) ?? $"{chosen.Name}.json",
                Labels = parsed.GetValue(labels),
                Conditions = parsed.GetValue(conditions),
                Sampler = new((int?)parsed.GetValue(steps), parsed.GetValue(guidance), Force: false),
                Plan = parsed.GetValue(plan),
                Samples = (int)(parsed.GetValue(samples) ?? chosen.Samples),
                Batch = (int?)parsed.GetValue(batch),
                Seed = parsed.GetValue(seed) ?? 0,
                Memory = (parsed.GetValue(memory) ?? UsualMemory) << 20,
                DType = TypeOption.Read(parsed, dtype, graph),
                Onnx = graph,
                Tuning = tuning.Read(parsed, chosen),
                Json = parsed.GetValue(json),
            };
            if (graph is not null || !Pipeline.IsModel(settings.Model))
            {
                whole.RequireNone(parsed, settings.Model);
                return CalibrateRun.Start(terminal, settings, null);
            }

            return settings.Conditions is null
                ? CalibrateRun.Start(terminal, settings, whole.Read(parsed, settings.Model, settings.Sampler, settings.Plan, settings.Seed, "", settings.Batch, settings.DType, false, settings.Labels))
                : throw new ToolException($"--conditions are for a network alone; '{settings.Model}' is a whole model, which takes --prompt or --labels.");
        }));
        return command;
    }
}
