using Acceleration.Models;

namespace Acceleration.Tool;

/// <summary>What <c>generate</c> was asked for of a whole model.</summary>
internal sealed record ModelSettings
{
    public required string Model { get; init; }

    /// <summary>One picture each, times <see cref="Count"/>.</summary>
    public required IReadOnlyList<string> Prompts { get; init; }

    /// <summary>What to guide away from; null for what is usual.</summary>
    public required string? Negative { get; init; }

    /// <summary>Class labels of a class-conditional model.</summary>
    public required long[]? Labels { get; init; }

    /// <summary>Pictures of each prompt.</summary>
    public required int Count { get; init; }

    public required PipelineCall Call { get; init; }

    /// <summary>Tag or path of a plan.</summary>
    public required string? Plan { get; init; }

    /// <summary>How the command line asks for a sampler.</summary>
    public required SamplerChoice Sampler { get; init; }

    public required long Seed { get; init; }

    public required string Folder { get; init; }

    /// <summary>Pictures sampled together.</summary>
    public required int Batch { get; init; }

    /// <summary>A preview after every so many steps; 0 for none.</summary>
    public required int Previews { get; init; }

    /// <summary>Whether the running batch is kept on disk, and what an earlier run left is gone on with.</summary>
    public required bool Resume { get; init; }

    /// <summary>Encoded prompts to read; null to encode.</summary>
    public required string? Embeddings { get; init; }

    /// <summary>Where encoded prompts are kept; null for nowhere.</summary>
    public required string? SaveEmbeddings { get; init; }

    /// <summary>A picture to start from, or that the model is conditioned on.</summary>
    public required string? Image { get; init; }

    public required string? Mask { get; init; }

    /// <summary>A picture of edges or depths.</summary>
    public required string? Control { get; init; }

    /// <summary>The last frame of a film.</summary>
    public required string? LastImage { get; init; }

    /// <summary>How much of the picture is made anew; null for what is usual.</summary>
    public required double? Strength { get; init; }

    /// <summary>Low-rank changes, FILE or FILE:SCALE.</summary>
    public required IReadOnlyList<string> Loras { get; init; }

    public required PipelineOptions Options { get; init; }

    /// <summary>Whether operators take the forms that are fastest here.</summary>
    public required bool Fast { get; init; }
}
