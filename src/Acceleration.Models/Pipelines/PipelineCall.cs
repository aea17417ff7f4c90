namespace Acceleration.Models;

/// <summary>What is asked of a pipeline, apart from the prompts.</summary>
public sealed record PipelineCall
{
    /// <summary>Size of the pictures; null for the one the network was trained for.</summary>
    public PictureSize? Size { get; init; }

    /// <summary>Solver steps; null for what is usual in the family.</summary>
    public int? Steps { get; init; }

    /// <summary>Guidance scale away from the negative prompt; 1 for none, null for what is usual in the family.</summary>
    public double? Guidance { get; init; }

    /// <summary>Guidance scale that a distilled network is told; null for what is usual in the family.</summary>
    public double? EmbeddedGuidance { get; init; }

    /// <summary>PixArt: whether the picture is made in the trained size nearest in shape, then brought to <see cref="Size"/>.</summary>
    public bool UsesTrainedShape { get; init; } = true;

    /// <summary>SDXL: size of the picture that the network shall think it was cut from; null for <see cref="Size"/>.</summary>
    public PictureSize? OriginalSize { get; init; }

    /// <summary>SDXL: where it shall think that it was cut, in pixels from the top and from the left.</summary>
    public (int Top, int Left) Crop { get; init; }

    /// <summary>SDXL: size it shall think that it was cut to; null for <see cref="Size"/>.</summary>
    public PictureSize? TargetSize { get; init; }
}
