using Acceleration.Onnx;

namespace Acceleration.Tool;

/// <summary>What <c>compare</c> was asked for.</summary>
internal sealed record CompareSettings
{
    public required string Model { get; init; }

    /// <summary>Tags or paths of plans.</summary>
    public required IReadOnlyList<string> Plans { get; init; }

    /// <summary>Presets, which are rows beside the plans.</summary>
    public required IReadOnlyList<Preset> Presets { get; init; }

    public required long[]? Labels { get; init; }

    /// <summary>A file with what is read instead of labels; null for none.</summary>
    public required string? Conditions { get; init; }

    /// <summary>Pictures of each label or row.</summary>
    public required int Count { get; init; }

    /// <summary>Steps of the baseline; null for what is usual.</summary>
    public required int? Steps { get; init; }

    public required double? Guidance { get; init; }

    public required bool Force { get; init; }

    public required long Seed { get; init; }

    /// <summary>Times everything is run.</summary>
    public required int Repeats { get; init; }

    public required string Folder { get; init; }

    public required string DType { get; init; }

    /// <summary>How an ONNX model is loaded; null for anything else.</summary>
    public required OnnxOptions? Onnx { get; init; }

    public required bool Json { get; init; }
}
