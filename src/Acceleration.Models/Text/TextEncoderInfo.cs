using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>What there is to know about a loaded text encoder.</summary>
public sealed record TextEncoderInfo
{
    /// <summary>Its class, as its makers call it.</summary>
    public required string ClassName { get; init; }

    /// <summary>What people call it: the name of its file.</summary>
    public required string Name { get; init; }

    /// <summary>Tells its weights from others: <see cref="ICheckpoint.Fingerprint"/>.</summary>
    public required string Weights { get; init; }

    /// <summary>Width of a token's state.</summary>
    public required int Width { get; init; }

    /// <summary>Width of the state of the whole text; null where there is none.</summary>
    public int? PooledWidth { get; init; }

    /// <summary>Number of layers.</summary>
    public required int Layers { get; init; }

    /// <summary>Token ids are below this.</summary>
    public required int Vocabulary { get; init; }

    /// <summary>The most tokens it has positions for; null for any number.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>Where it computes.</summary>
    public required Device Device { get; init; }

    /// <summary>Type of its results.</summary>
    public required ScalarType DType { get; init; }
}
