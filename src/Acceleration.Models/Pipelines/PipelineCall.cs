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

    /// <summary>
    /// Stable Diffusion 1, 2, XL and 3: so many of the last layers of CLIP are left out, beyond those that the model leaves out by itself; 0 for none. As in the published pipelines the negative prompt's are not.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 0.</exception>
    public int ClipSkip
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(ClipSkip), value, "Layers to skip are counted from 0.");
    }

    /// <summary>PixArt and Latte: whether prompts are cleaned as the captions of their training were: see <see cref="CaptionText"/>.</summary>
    public bool CleansCaptions { get; init; } = true;

    /// <summary>PixArt: whether the picture is made in the trained size nearest in shape, then brought to <see cref="Size"/>.</summary>
    public bool UsesTrainedShape { get; init; } = true;

    /// <summary>SDXL: size of the picture that the network shall think it was cut from; null for <see cref="Size"/>.</summary>
    public PictureSize? OriginalSize { get; init; }

    /// <summary>SDXL: where it shall think that it was cut, in pixels from the top and from the left.</summary>
    public (int Top, int Left) Crop { get; init; }

    /// <summary>SDXL: size it shall think that it was cut to; null for <see cref="Size"/>.</summary>
    public PictureSize? TargetSize { get; init; }
}
