using System.Globalization;
using System.Runtime.InteropServices;
using Acceleration.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Acceleration.Tool;

/// <summary>What <c>inspect</c> found of a whole model.</summary>
internal sealed record ModelInspection
{
    public int Schema { get; init; } = 1;

    public required string Model { get; init; }

    public required string Name { get; init; }

    /// <summary>The pipeline's class.</summary>
    public required string Pipeline { get; init; }

    public required IReadOnlyList<ModelComponent> Components { get; init; }

    /// <summary>Why the model does not load; null where it does.</summary>
    public string? Problem { get; init; }

    /// <summary>The scheduler's class, the solver it stands for, and what the network predicts.</summary>
    public string? Scheduler { get; init; }

    /// <summary>The network's class.</summary>
    public string? Network { get; init; }

    /// <summary>What is known of the network.</summary>
    public string? About { get; init; }

    /// <summary>Width, height and frames where none are asked for.</summary>
    public string? UsualSize { get; init; }

    /// <summary>What sides in pixels must be multiples of.</summary>
    public int? SizeMultiple { get; init; }

    public int? UsualSteps { get; init; }

    /// <summary>Guidance scale where none is asked for; 1 for none.</summary>
    public double? UsualGuidance { get; init; }

    /// <summary>What pictures are made of: prompts, labels, or nothing.</summary>
    public string? MadeOf { get; init; }

    /// <summary>Whether latents become pictures.</summary>
    public bool? Decodes { get; init; }

    /// <summary>What the network reads.</summary>
    public IReadOnlyList<string> Conditions { get; init; } = [];

    public IReadOnlyList<SiteLine> Sites { get; init; } = [];

    public IReadOnlyList<StrategyLine> Strategies { get; init; } = [];

    /// <param name="path">Folder or file.</param>
    /// <param name="variant">Which of several forms of the weights.</param>
    /// <param name="predicts">What the network of a single file predicts, where the file does not say.</param>
    /// <exception cref="CheckpointException">It is no model, or its index is malformed.</exception>
    public static ModelInspection Of(string path, string? variant, PredictionType? predicts)
    {
        var contents = ModelContents.Of(path, variant);
        var plain = new ModelInspection { Model = path, Name = contents.Name, Pipeline = contents.Pipeline, Components = contents.Components };
        try
        {
            using var pipeline = Shapes(path, new() { LoadsText = false, Variant = variant, Prediction = predicts });
            return plain.With(pipeline);
        }
        catch (Exception e) when (e is CheckpointException or SchedulerConfigException)
        {
            return plain with { Problem = e.Message };
        }
    }

    /// <summary>Shapes are enough: on the meta device no weight is read, so a model of any size is looked at in a moment.</summary>
    private static Pipeline Shapes(string path, PipelineOptions options)
    {
        try
        {
            return Models.Pipeline.Load(path, options with { Device = device(DeviceType.META) });
        }
        catch (ExternalException)
        {
            // A DiT compares the tables of its blocks, to hold equal ones once.
            return Models.Pipeline.Load(path, options);
        }
    }

    private ModelInspection With(Pipeline pipeline)
    {
        // Strategies are tried where samplers run; the network is not called for that.
        var info = pipeline.Network.Info with { Device = CPU, Name = Name };
        using var network = Denoiser.From(info, (x, _, _) => throw new InvalidOperationException("A network of shapes alone was called."));
        var (call, scheduler) = (new PipelineCall(), pipeline.Scheduler);
        return this with
        {
            Scheduler = $"{scheduler.ClassName} (solver {scheduler.Solver.Name}, predicts {scheduler.Prediction.ToString().ToLowerInvariant()}{(scheduler.Noise is { } noise ? string.Create(CultureInfo.InvariantCulture, $", {noise.TrainSteps} training steps") : "")})",
            Network = pipeline.Network.GetType().Name,
            About = Inspection.Describe(info),
            UsualSize = pipeline.SizeOf(call).ToString(),
            SizeMultiple = pipeline.Form.SizeMultiple(pipeline.Parts),
            UsualSteps = pipeline.Form.UsualSteps,
            UsualGuidance = pipeline.GuidanceOf(call),
            MadeOf = pipeline.Form.ReadsPrompts ? "prompts" : info.Classes > 0 ? $"labels 0 to {info.Classes - 1}" : "nothing",
            Decodes = pipeline.Autoencoder is not null || info.Channels is 1 or 3,
            Conditions = [.. info.Conditions.Select(c => c.ToString())],
            Sites = SiteLine.Of(info),
            Strategies = StrategySurvey.Of(network),
        };
    }
}
