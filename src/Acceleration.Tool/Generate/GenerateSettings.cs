using Acceleration.Onnx;

namespace Acceleration.Tool;

/// <summary>What <c>generate</c> was asked for.</summary>
internal sealed record GenerateSettings
{
    public required string Model { get; init; }

    public required long[]? Labels { get; init; }

    /// <summary>A file with what is read instead of labels; null for none.</summary>
    public required string? Conditions { get; init; }

    /// <summary>Pictures of each label or row.</summary>
    public required int Count { get; init; }

    public required SamplerChoice Sampler { get; init; }

    /// <summary>Tag or path of a plan.</summary>
    public required string? Plan { get; init; }

    public required long Seed { get; init; }

    public required string Folder { get; init; }

    /// <summary>Pictures that are sampled together.</summary>
    public required int Batch { get; init; }

    /// <summary>A preview after every so many steps; 0 for none.</summary>
    public required int Previews { get; init; }

    public required string DType { get; init; }

    /// <summary>How an ONNX model is loaded; null for anything else.</summary>
    public required OnnxOptions? Onnx { get; init; }

    /// <summary>Whether the running batch is kept on disk, and what an earlier run left is gone on with.</summary>
    public required bool Resume { get; init; }

    /// <summary>Whether operators take the forms that are fastest here, instead of those that give the same bits in every process.</summary>
    public required bool Fast { get; init; }
}
