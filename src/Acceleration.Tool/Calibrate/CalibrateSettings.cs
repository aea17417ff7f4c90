using Acceleration.Onnx;

namespace Acceleration.Tool;

/// <summary>What <c>calibrate</c> was asked for.</summary>
internal sealed record CalibrateSettings
{
    public required string Model { get; init; }

    public required CalibrationMethod Method { get; init; }

    /// <summary>The plan to write; the picture of the curve lies beside it.</summary>
    public required string File { get; init; }

    public required long[]? Labels { get; init; }

    /// <summary>File with the conditions of a network that has no classes.</summary>
    public required string? Conditions { get; init; }

    public required SamplerChoice Sampler { get; init; }

    /// <summary>Tag or path of the plan that is calibrated on.</summary>
    public required string? Plan { get; init; }

    /// <summary>Samples to record.</summary>
    public required int Samples { get; init; }

    /// <summary>Samples that are recorded together; null for as many as the memory holds, a few at most.</summary>
    public required int? Batch { get; init; }

    public required long Seed { get; init; }

    /// <summary>Most bytes of recorded values.</summary>
    public required long Memory { get; init; }

    public required string DType { get; init; }

    /// <summary>How an ONNX model is loaded; null for anything else.</summary>
    public required OnnxOptions? Onnx { get; init; }

    public required CalibrateTuning Tuning { get; init; }

    public required bool Json { get; init; }

    /// <summary>The plan of a further budget.</summary>
    public string FileOf(string name) => $"{Path.ChangeExtension(File, null)}-{name}.json";

    /// <summary>Where a plan's curve goes.</summary>
    public static string PictureOf(string file) => Path.ChangeExtension(file, ".png");
}
