using System.CommandLine;
using Acceleration.Onnx;

namespace Acceleration.Tool;

/// <summary>The options of every <c>fit</c>.</summary>
internal sealed class FitOptions
{
    private readonly FitUsual _usual;
    private readonly Argument<string> _model = new("model") { Description = "A network's checkpoint (.safetensors), or its ONNX model: an .onnx file, its folder, or one that was split." };
    private readonly Option<string> _file;
    private readonly Option<long[]?> _labels = new("--labels") { Description = "Class labels, used in turn: 0,3,5-9. Without it, all classes.", AllowMultipleArgumentsPerToken = true, Arity = ArgumentArity.OneOrMore, CustomParser = LabelsOption.Make().CustomParser };
    private readonly Option<long?> _steps;
    private readonly Option<double?> _guidance = NumberOption.Finite("--guidance", "Guidance scale (default 2, or what the plan says).");
    private readonly Option<string?> _plan;
    private readonly Option<long?> _trajectories;
    private readonly Option<long?> _batch;
    private readonly Option<long?> _seed;
    private readonly Option<string> _dtype = TypeOption.Make("float32");
    private readonly OnnxArguments _onnx = new();
    private readonly Option<bool> _json = new("--json") { Description = "Write the report as JSON." };

    /// <param name="usual">What is taken where nothing is said.</param>
    /// <param name="recorded">What is recorded, such as "full evaluation".</param>
    public FitOptions(FitUsual usual, string recorded)
    {
        _usual = usual;
        _file = new("--output", "-o") { Description = $"The plan to write (default: {usual.File}).", DefaultValueFactory = _ => usual.File };
        _steps = NumberOption.Whole("--steps", $"Solver steps (default {usual.Steps}, or what the plan says).", 1, SamplerChoice.MostSteps);
        _plan = new("--plan") { Description = $"Solver, noise levels and guidance to fit to: a .json file, or a tag such as ddim{usual.Steps}+CFG4." };
        _trajectories = NumberOption.Whole("--trajectories", $"Trajectories of {recorded} to fit to (default {usual.Trajectories}).", 1, 1_000_000);
        _batch = NumberOption.Whole("--batch", $"Trajectories sampled together (default {usual.Batch}).", 1, 10_000);
        _seed = NumberOption.Whole("--seed", $"Seed of the first trajectory; trajectory i has seed + i (default {usual.Seed}).", 0, long.MaxValue / 2);
    }

    /// <summary>A command with these options, its own between them.</summary>
    public Command Command(string name, string description, params IReadOnlyList<Option> own)
    {
        var command = new Command(name, description) { _model, _file, _labels, _steps, _guidance, _plan, _trajectories, _batch, _seed };
        foreach (var option in own)
        {
            command.Add(option);
        }

        command.Add(_dtype);
        command.Add(_json);
        foreach (var option in _onnx.All)
        {
            command.Add(option);
        }

        return command;
    }

    /// <exception cref="ToolException">Options do not fit the model.</exception>
    public FitSettings Read(ParseResult parsed) => Read(parsed, _onnx.Sampled(parsed, parsed.GetValue(_model)!));

    private FitSettings Read(ParseResult parsed, OnnxOptions? onnx) => new()
    {
        Model = parsed.GetValue(_model)!,
        File = parsed.GetValue(_file)!,
        Labels = parsed.GetValue(_labels),
        Sampler = new((int?)parsed.GetValue(_steps), parsed.GetValue(_guidance), Force: false),
        Steps = (int)(parsed.GetValue(_steps) ?? _usual.Steps),
        Plan = parsed.GetValue(_plan),
        Trajectories = (int)(parsed.GetValue(_trajectories) ?? _usual.Trajectories),
        Batch = (int)(parsed.GetValue(_batch) ?? _usual.Batch),
        Seed = parsed.GetValue(_seed) ?? _usual.Seed,
        DType = TypeOption.Read(parsed, _dtype, onnx),
        Onnx = onnx,
        Json = parsed.GetValue(_json),
    };
}
