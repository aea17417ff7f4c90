using Acceleration.Onnx;

namespace Acceleration.Tool;

/// <summary>What every <c>fit</c> was asked for.</summary>
internal record FitSettings
{
    public required string Model { get; init; }

    /// <summary>The plan to write.</summary>
    public required string File { get; init; }

    public required long[]? Labels { get; init; }

    public required SamplerChoice Sampler { get; init; }

    /// <summary>Steps where no plan says them.</summary>
    public required int Steps { get; init; }

    /// <summary>Tag or path of the plan that is fitted to.</summary>
    public required string? Plan { get; init; }

    public required int Trajectories { get; init; }

    /// <summary>Trajectories that are sampled together.</summary>
    public required int Batch { get; init; }

    public required long Seed { get; init; }

    public required string DType { get; init; }

    /// <summary>How an ONNX model is loaded; null for anything else.</summary>
    public required OnnxOptions? Onnx { get; init; }

    public required bool Json { get; init; }
}
