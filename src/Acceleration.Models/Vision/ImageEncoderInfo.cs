using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>What there is to know about a loaded image encoder.</summary>
public sealed record ImageEncoderInfo
{
    /// <summary>Its class, as its makers call it.</summary>
    public required string ClassName { get; init; }

    /// <summary>What people call it: the name of its file.</summary>
    public required string Name { get; init; }

    /// <summary>Tells its weights from others: <see cref="ICheckpoint.Fingerprint"/>.</summary>
    public required string Weights { get; init; }

    /// <summary>Side of the pictures that it takes, in pixels.</summary>
    public required int Side { get; init; }

    /// <summary>Tokens of a picture: its patches, behind one for the whole.</summary>
    public required int Tokens { get; init; }

    /// <summary>Width of a token's state.</summary>
    public required int Width { get; init; }

    /// <summary>Width of the state of the whole picture.</summary>
    public required int PooledWidth { get; init; }

    /// <summary>Number of layers.</summary>
    public required int Layers { get; init; }

    /// <summary>Where it computes.</summary>
    public required Device Device { get; init; }

    /// <summary>Type of its results.</summary>
    public required ScalarType DType { get; init; }
}
